using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;

namespace Loophole.Engine.Timeline;

/// <summary>What the device hears during the block that is rendered next. Shared by all instruments of a renderer.</summary>
internal sealed class HeardNotes
{
    private readonly MidiMessage[] _messages = new MidiMessage[ILiveRenderer.MaxHeard];
    private int _count;

    /// <summary>The messages, by growing render frame.</summary>
    public ReadOnlySpan<MidiMessage> Messages => _messages.AsSpan(0, _count);

    /// <summary>Takes those of a block; what does not fit is dropped.</summary>
    public void Set(ReadOnlySpan<MidiMessage> messages)
    {
        _count = Math.Min(messages.Length, _messages.Length);
        messages[.._count].CopyTo(_messages);
    }

    /// <summary>The block is rendered.</summary>
    public void Clear() => _count = 0;
}
