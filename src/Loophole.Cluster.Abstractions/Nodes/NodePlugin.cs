using System.Text.Json.Serialization;
using Loophole.Cluster.Graph;

namespace Loophole.Cluster.Nodes;

/// <summary>A plugin that a Signal has, as it says itself.</summary>
/// <param name="Format">As <see cref="PluginVariant.Format"/> has it: 1 to <see cref="MostFormatCharacters"/> small letters <c>a</c> to <c>z</c> and digits.</param>
/// <param name="Id">The plugin's identifier in its format, compared character by character; 1 to <see cref="MostIdCharacters"/> characters, none of them a control character.</param>
/// <param name="Version">Its version, for people; at most <see cref="MostVersionCharacters"/> characters, none of them a control character; empty where it is not known.
/// Nothing is placed by it, as projects do not say which one they want.</param>
public sealed record NodePlugin(string Format, string Id, string Version)
{
    /// <summary>No Signal says more plugins than that.</summary>
    public const int MostPlugins = 4_096;

    /// <summary>No <see cref="Format"/> has more characters.</summary>
    public const int MostFormatCharacters = 16;

    /// <summary>No <see cref="Id"/> has more characters.</summary>
    public const int MostIdCharacters = 128;

    /// <summary>No <see cref="Version"/> has more characters.</summary>
    public const int MostVersionCharacters = 32;

    /// <summary>What it is placed by, as <see cref="KeyOf"/> makes it.</summary>
    [JsonIgnore]
    public string Key => KeyOf(Format, Id);

    /// <summary>How a plugin is named where work is placed. [any]</summary>
    /// <param name="format">The format.</param>
    /// <param name="pluginId">The plugin's identifier in its format.</param>
    /// <returns><c>vst3:Verb</c>.</returns>
    public static string KeyOf(string format, string pluginId) => $"{format}:{pluginId}";
}
