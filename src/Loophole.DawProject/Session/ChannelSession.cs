using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Loophole.Cluster.Graph;

namespace Loophole.DawProject;

/// <summary>What a session knows of a Channel that DAWproject has no word for.</summary>
public sealed record ChannelSession
{
    /// <summary>As <see cref="Midi"/>: all MIDI channels.</summary>
    public const int AllMidiChannels = 0;

    /// <summary>The largest budget of an insert.</summary>
    public const int MaxInsertFrames = 1_000_000;

    /// <summary>Is rendered in the audio callback whenever it is played (<c>Channel.IsLive</c>).</summary>
    [JsonPropertyName("forceLive")]
    public bool ForceLive { get; init; }

    /// <summary>The input channels of the audio device that belong to it, 1 for the first, as they are labelled: one for each audio channel, or one for all; empty for none.</summary>
    [JsonPropertyName("input")]
    public ImmutableArray<int> Input { get => field.IsDefault ? [] : field; init; }

    /// <summary>What its instruments play of the device's MIDI input (<c>Channel.Notes</c>): a MIDI channel, 1 to 16, or <see cref="AllMidiChannels"/>; <see langword="null"/> for nothing.</summary>
    [JsonPropertyName("midi")]
    public int? Midi { get; init; }

    /// <summary>Whether the inputs are heard (<c>ChannelInput.IsMonitored</c>, <c>NoteInput.IsMonitored</c>).</summary>
    [JsonPropertyName("monitor")]
    public bool Monitor { get; init; }

    /// <summary>Whether the inputs are recorded when takes are.</summary>
    [JsonPropertyName("arm")]
    public bool Arm { get; init; }

    /// <summary>Budget of its inserts in frames (<c>Channel.InsertFrames</c>); 0 for none.</summary>
    [JsonPropertyName("insertFrames")]
    public int InsertFrames { get; init; }

    /// <summary>The Nodes that may run elsewhere as inserts, by id; empty for every device before the fader.</summary>
    [JsonPropertyName("insertNodes")]
    public ImmutableArray<string> InsertNodes { get => field.IsDefault ? [] : field; init; }

    /// <summary>What is said that cannot be, or <see langword="null"/>. [any]</summary>
    /// <returns>The end of a sentence.</returns>
    public string? FindFault() =>
        Input.Any(channel => channel is < 1 or > ChannelInput.MaxDeviceChannels) ? $"that it hears channel {Input.First(channel => channel is < 1 or > ChannelInput.MaxDeviceChannels)} of the device; they are 1 to {ChannelInput.MaxDeviceChannels}"
        : Midi is not (null or (>= AllMidiChannels and <= 16)) ? $"that it hears MIDI channel {Midi}; they are 1 to 16, or 0 for all"
        : InsertFrames is < 0 or > MaxInsertFrames ? $"that its inserts have {InsertFrames} frames; they have 1 to {MaxInsertFrames}, or 0 for none"
        : InsertNodes.Any(string.IsNullOrEmpty) ? "that a Node without a name is an insert"
        : null;

    /// <summary>By content, lists included.</summary>
    public bool Equals(ChannelSession? other) => other is not null
        && (ForceLive, Midi, Monitor, Arm, InsertFrames) == (other.ForceLive, other.Midi, other.Monitor, other.Arm, other.InsertFrames)
        && Input.AsSpan().SequenceEqual(other.Input.AsSpan())
        && InsertNodes.AsSpan().SequenceEqual(other.InsertNodes.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ForceLive, Midi, Monitor, Arm, InsertFrames, Input.Length, InsertNodes.Length);
}
