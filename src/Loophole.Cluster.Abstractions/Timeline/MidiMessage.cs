namespace Loophole.Cluster.Timeline;

/// <summary>A MIDI channel message (MIDI 1.0): a note, a controller, a bend of the pitch. Those of the whole system, and the exclusive ones, are none.</summary>
/// <param name="Frame">When it happens, in whatever frames its place says.</param>
/// <param name="Status">What it is and its MIDI channel: 0x80 to 0xEF.</param>
/// <param name="Data1">0 to 127; the key of a note, the number of a controller.</param>
/// <param name="Data2">0 to 127; the velocity of a note, the value of a controller; 0 where the message has none.</param>
public readonly record struct MidiMessage(long Frame, byte Status, byte Data1, byte Data2)
{
    /// <summary>Ends a note.</summary>
    public const byte NoteOff = 0x80;

    /// <summary>Starts a note; ends it with velocity 0.</summary>
    public const byte NoteOn = 0x90;

    /// <summary>Moves a controller.</summary>
    public const byte Controller = 0xB0;

    /// <summary>Bends the pitch: <see cref="Data1"/> + 128 × <see cref="Data2"/>, 8192 for none.</summary>
    public const byte PitchBend = 0xE0;

    private const byte ProgramChange = 0xC0;
    private const byte ChannelPressure = 0xD0;

    /// <summary>What it is, without its channel: <see cref="NoteOn"/> and so on. [any]</summary>
    public byte Kind => (byte)(Status & 0xF0);

    /// <summary>0 to 15. [any]</summary>
    public int MidiChannel => Status & 0x0F;

    /// <summary>Whether it starts a note. [any]</summary>
    public bool StartsNote => Kind == NoteOn && Data2 > 0;

    /// <summary>Whether it ends a note. [any]</summary>
    public bool EndsNote => Kind == NoteOff || (Kind == NoteOn && Data2 == 0);

    /// <summary>How many bytes it has as it is sent, 2 or 3. [any]</summary>
    public int Length => Kind is ProgramChange or ChannelPressure ? 2 : 3;

    /// <summary>Whether every byte is in its range. [any]</summary>
    public bool IsValid => Status is >= NoteOff and < 0xF0 && Data1 < 0x80 && Data2 < 0x80;

    /// <summary>Reads what was sent. [any]</summary>
    /// <param name="frame">When.</param>
    /// <param name="bytes">The bytes of one message.</param>
    /// <param name="message">The message.</param>
    /// <returns>Whether it is a channel message.</returns>
    public static bool TryRead(long frame, ReadOnlySpan<byte> bytes, out MidiMessage message)
    {
        message = bytes.Length switch
        {
            2 => new MidiMessage(frame, bytes[0], bytes[1], 0),
            3 => new MidiMessage(frame, bytes[0], bytes[1], bytes[2]),
            _ => default,
        };
        return message.IsValid && message.Length == bytes.Length;
    }
}
