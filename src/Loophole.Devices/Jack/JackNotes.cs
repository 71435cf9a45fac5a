using Loophole.Cluster.Timeline;
using static Loophole.Devices.Jack.JackLibrary;

namespace Loophole.Devices.Jack;

/// <summary>A MIDI port that is heard.</summary>
/// <param name="port">The port.</param>
internal sealed unsafe class JackNotes(nint port)
{
    /// <summary>More in a block are left out.</summary>
    private const int MostInBlock = 1_024;

    private readonly MidiMessage[] _block = new MidiMessage[MostInBlock];

    /// <summary>The port.</summary>
    public nint Port => port;

    /// <summary>What was heard during a block. [audio thread]</summary>
    /// <returns>Channel messages alone, in order; valid until the next call.</returns>
    public ReadOnlySpan<MidiMessage> Read(uint frames)
    {
        var buffer = jack_port_get_buffer(port, frames);
        var count = 0;
        for (uint index = 0, all = buffer is null ? 0 : jack_midi_get_event_count(buffer); index < all && count < _block.Length; index++)
        {
            if (jack_midi_event_get(out var heard, buffer, index) == 0
                && MidiMessage.TryRead(heard.Time, new ReadOnlySpan<byte>(heard.Bytes, (int)Math.Min(heard.Size, int.MaxValue)), out var message))
            {
                _block[count++] = message;
            }
        }

        return _block.AsSpan(0, count);
    }
}
