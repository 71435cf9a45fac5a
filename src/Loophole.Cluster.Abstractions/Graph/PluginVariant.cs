using System.Collections.Immutable;

namespace Loophole.Cluster.Graph;

/// <summary>A plugin in a <see cref="StackNode"/>, with all that is needed to bring it back unchanged.</summary>
public sealed record PluginVariant
{
    /// <summary><c>vst2</c>, <c>vst3</c>, <c>clap</c>, <c>au</c>, <c>lv2</c>, <c>ladspa</c>.</summary>
    public required string Format { get; init; }

    /// <summary>The plugin's identifier in its format.</summary>
    public required string PluginId { get; init; }

    /// <summary>What the user calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the plugin cannot be had where it should run, as far as whoever made the graph knows. It is placed by all the same: a Signal may have it.</summary>
    public bool IsMissing { get; init; }

    /// <summary>The opaque state, empty when none.</summary>
    public ImmutableArray<byte> State { get; init; } = [];

    /// <summary>Parameters and automation, untouched.</summary>
    public ImmutableArray<ParameterSetting> Parameters { get; init; } = [];
}
