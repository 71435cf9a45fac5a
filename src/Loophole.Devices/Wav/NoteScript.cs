using Loophole.Cluster.Timeline;

namespace Loophole.Devices.Wav;

/// <summary>Notes that a device hears at their frames, counted in calls.</summary>
/// <param name="messages">By growing frame.</param>
internal sealed class NoteScript(ReadOnlyMemory<MidiMessage> messages)
{
    private readonly MidiMessage[] _block = new MidiMessage[MostInBlock];
    private long _frame;
    private int _at;

    /// <summary>More at once are left out.</summary>
    private const int MostInBlock = 1_024;

    /// <summary>Those of the next block. [audio thread]</summary>
    /// <param name="frames">Its frames.</param>
    /// <returns>Their frames counted in the block; valid until the next call.</returns>
    public ReadOnlySpan<MidiMessage> Next(int frames)
    {
        var all = messages.Span;
        var count = 0;
        for (; _at < all.Length && all[_at].Frame < _frame + frames; _at++)
        {
            if (count < _block.Length)
            {
                _block[count++] = all[_at] with { Frame = all[_at].Frame - _frame };
            }
        }

        _frame += frames;
        return _block.AsSpan(0, count);
    }
}
