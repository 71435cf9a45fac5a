using System.Text.Json.Serialization;

namespace Loophole.DawProject.Session;

/// <summary>A session file.</summary>
/// <param name="Version">Of the file's format.</param>
/// <param name="Channels">By id, or by a name that only one has.</param>
internal sealed record SessionDocument(
    [property: JsonPropertyName("version")] int Version,
    [property: JsonPropertyName("channels")] SortedDictionary<string, ChannelSession> Channels)
{
    public const int CurrentVersion = 1;
}
