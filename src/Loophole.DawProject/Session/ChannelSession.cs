using System.Text.Json.Serialization;

namespace Loophole.DawProject;

/// <summary>What a session knows of a Channel that DAWproject has no word for.</summary>
public sealed record ChannelSession
{
    /// <summary>Is rendered in the audio callback whenever it is played (<c>Channel.IsLive</c>).</summary>
    [JsonPropertyName("forceLive")]
    public bool ForceLive { get; init; }
}
