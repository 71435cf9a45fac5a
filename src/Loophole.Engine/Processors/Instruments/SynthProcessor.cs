using Loophole.Cluster.Numerics;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;
using Loophole.Engine.Processors.Parameters;
using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Processors.Instruments;

/// <summary>A polyphonic instrument: sine, triangle, saw or square (0 to 3), each note with an envelope of straight lines and the settings in force where it starts, added to every audio channel alike.</summary>
/// <remarks>
/// <para>Knows notes, the pedal (controller 64), all sound off (120), all notes off (123), and the bend of the pitch, by two semitones either way for all MIDI channels together.</para>
/// <para>With more notes than voices, the oldest one that was let go makes room, or else the oldest.</para>
/// </remarks>
internal sealed class SynthProcessor(ProcessorContext context) : BuiltInProcessor(Kind)
{
    public const string Kind = "synth";

    private const int Voices = 32;
    private const int MidiChannels = 16;
    private const int ValuesPerVoice = 12;
    private const int Pedal = 64;
    private const int AllSoundOff = 120;
    private const int AllNotesOff = 123;
    private const int PedalDown = 64;
    private const int NoBend = 8_192;
    private const double BendSemitones = 2;
    private const int ReferenceKey = 69;
    private const double ReferenceFrequency = 440;
    private const double SemitonesPerOctave = 12;
    private const double LoudestVelocity = 127;
    private const double UnitsPerTurn = 18446744073709551616.0;

    private static readonly ParameterDescriptor Wave = new("wave", 0, 3, 1);
    private static readonly ParameterDescriptor Level = new("level", 0, 64, 0.25, "lin");
    private static readonly ParameterDescriptor Attack = new("attack", 0, 10, 0.005, "s");
    private static readonly ParameterDescriptor Decay = new("decay", 0, 10, 0.2, "s");
    private static readonly ParameterDescriptor Sustain = new("sustain", 0, 1, 0.6, "lin");
    private static readonly ParameterDescriptor Release = new("release", 0, 10, 0.1, "s");

    private readonly SynthVoice[] _voices = new SynthVoice[Voices];
    private readonly ulong[] _increments = new ulong[Voices];
    private readonly bool[] _pedals = new bool[MidiChannels];
    private readonly double[] _mix = new double[context.MaxBlockFrames];
    private int _bend = NoBend;
    private long _age;

    public static ProcessorDescriptor Descriptor { get; } = new(Kind, [Wave, Level, Attack, Decay, Sustain, Release], ProcessorTraits.Distributable, PlaysNotes: true);

    public override void Reset()
    {
        Array.Clear(_voices);
        Array.Clear(_pedals);
        (_bend, _age) = (NoBend, 0);
    }

    public override void Process(in ProcessorBlock block)
    {
        foreach (var message in block.Notes)
        {
            Play(message, block);
        }

        var frames = block.Audio.FrameCount;
        var mix = _mix.AsSpan(0, frames);
        mix.Clear();
        var sounds = false;
        for (var voice = 0; voice < Voices; voice++)
        {
            if (_voices[voice].Stage != VoiceStage.Free)
            {
                sounds = true;
                Add(ref _voices[voice], _increments[voice], mix);
            }
        }

        if (sounds)
        {
            Mix(block, mix);
        }
    }

    /// <summary>Bytes that it saves: two values, the pedals and the voices.</summary>
    public static long StateBytes => (2 + MidiChannels + (Voices * ValuesPerVoice)) * sizeof(long);

    protected override void WriteState(ref StateWriter writer)
    {
        writer.Write(_age);
        writer.Write((long)_bend);
        foreach (var pedal in _pedals)
        {
            writer.Write(pedal ? 1L : 0);
        }

        foreach (ref readonly var voice in _voices.AsSpan())
        {
            writer.Write((long)voice.Stage);
            writer.Write(voice.Age);
            writer.Write((long)voice.Wave);
            writer.Write((long)voice.Key);
            writer.Write((long)voice.MidiChannel);
            writer.Write(voice.IsOnPedal ? 1L : 0);
            writer.Write(voice.Phase);
            writer.Write(voice.Loudness);
            writer.Write(voice.Envelope);
            writer.Write(voice.Slope);
            writer.Write(voice.Sustain);
            writer.Write(voice.DecaySlope);
        }
    }

    protected override void ReadState(ref StateReader reader)
    {
        _age = reader.ReadInt64(0, long.MaxValue);
        _bend = (int)reader.ReadInt64(0, (NoBend * 2) - 1);
        foreach (ref var pedal in _pedals.AsSpan())
        {
            pedal = reader.ReadInt64(0, 1) == 1;
        }

        foreach (ref var voice in _voices.AsSpan())
        {
            voice.Stage = (VoiceStage)reader.ReadInt64(0, (long)VoiceStage.Release);
            voice.Age = reader.ReadInt64(0, long.MaxValue);
            voice.Wave = (SynthWave)reader.ReadInt64(0, (long)SynthWave.Square);
            voice.Key = (int)reader.ReadInt64(0, 127);
            voice.MidiChannel = (int)reader.ReadInt64(0, MidiChannels - 1);
            voice.IsOnPedal = reader.ReadInt64(0, 1) == 1;
            voice.Phase = reader.ReadUInt64();
            voice.Loudness = reader.ReadDouble(0, 1);
            voice.Envelope = reader.ReadDouble(0, 1);
            voice.Slope = reader.ReadDouble(-1, 1);
            voice.Sustain = reader.ReadDouble(0, 1);
            voice.DecaySlope = reader.ReadDouble(0, 1);
        }

        Tune();
    }

    private void Play(in MidiMessage message, in ProcessorBlock block)
    {
        if (message.StartsNote)
        {
            Start(message, block);
        }
        else if (message.EndsNote)
        {
            End(message, block);
        }
        else if (message.Kind == MidiMessage.PitchBend)
        {
            _bend = message.Data1 + (message.Data2 << 7);
            Tune();
        }
        else if (message.Kind == MidiMessage.Controller)
        {
            Control(message, block);
        }
    }

    private void Start(in MidiMessage message, in ProcessorBlock block)
    {
        var at = FreeVoice();
        ref var voice = ref _voices[at];
        voice = new SynthVoice
        {
            Stage = VoiceStage.Attack,
            Age = ++_age,
            Wave = (SynthWave)(int)Wave.At(block.Parameters[0], block.Frame),
            Key = message.Data1,
            MidiChannel = message.MidiChannel,
            Loudness = message.Data2 / LoudestVelocity,
            Slope = Slope(Attack.At(block.Parameters[2], block.Frame)),
            DecaySlope = Slope(Decay.At(block.Parameters[3], block.Frame)),
            Sustain = Sustain.At(block.Parameters[4], block.Frame),
        };
        _increments[at] = Increment(voice.Key);
    }

    private void End(in MidiMessage message, in ProcessorBlock block)
    {
        foreach (ref var voice in _voices.AsSpan())
        {
            if (IsHeld(voice) && voice.Key == message.Data1 && voice.MidiChannel == message.MidiChannel)
            {
                if (_pedals[voice.MidiChannel])
                {
                    voice.IsOnPedal = true;
                }
                else
                {
                    LetGo(ref voice, block);
                }
            }
        }
    }

    private void Control(in MidiMessage message, in ProcessorBlock block)
    {
        var channel = message.MidiChannel;
        switch (message.Data1)
        {
            case Pedal:
                _pedals[channel] = message.Data2 >= PedalDown;
                if (!_pedals[channel])
                {
                    LetGoAll(channel, onlyOnPedal: true, block);
                }

                break;
            case AllSoundOff:
                foreach (ref var voice in _voices.AsSpan())
                {
                    voice = voice.MidiChannel == channel ? default : voice;
                }

                break;
            case AllNotesOff:
                LetGoAll(channel, onlyOnPedal: false, block);
                break;
        }
    }

    private void LetGoAll(int midiChannel, bool onlyOnPedal, in ProcessorBlock block)
    {
        foreach (ref var voice in _voices.AsSpan())
        {
            if (voice.Stage is not (VoiceStage.Free or VoiceStage.Release) && voice.MidiChannel == midiChannel && (voice.IsOnPedal || !onlyOnPedal))
            {
                LetGo(ref voice, block);
            }
        }
    }

    private void LetGo(ref SynthVoice voice, in ProcessorBlock block)
    {
        // From wherever it is, at the pace at which a full one would take the whole time.
        (voice.Stage, voice.Slope, voice.IsOnPedal) = (VoiceStage.Release, -Slope(Release.At(block.Parameters[5], block.Frame)), false);
    }

    private static bool IsHeld(in SynthVoice voice) => voice.Stage is not (VoiceStage.Free or VoiceStage.Release) && !voice.IsOnPedal;

    /// <summary>A free voice; else the oldest that was let go; else the oldest.</summary>
    private int FreeVoice()
    {
        var best = 0;
        for (var at = 0; at < Voices; at++)
        {
            ref readonly var voice = ref _voices[at];
            if (voice.Stage == VoiceStage.Free)
            {
                return at;
            }

            var (isLetGo, isBestLetGo) = (voice.Stage == VoiceStage.Release, _voices[best].Stage == VoiceStage.Release);
            if (isLetGo == isBestLetGo ? voice.Age < _voices[best].Age : isLetGo)
            {
                best = at;
            }
        }

        return best;
    }

    /// <summary>How far an envelope goes in a frame that takes so long for all of its way.</summary>
    private double Slope(double seconds) => 1 / Math.Max(1, Math.Floor((seconds * context.SampleRate) + 0.5));

    private void Tune()
    {
        for (var at = 0; at < Voices; at++)
        {
            _increments[at] = Increment(_voices[at].Key);
        }
    }

    /// <summary>Phase units per frame, at most half a turn (the Nyquist frequency).</summary>
    private ulong Increment(int key)
    {
        var semitones = key - ReferenceKey + (BendSemitones * (_bend - NoBend) / NoBend);
        var frequency = ReferenceFrequency * ExactMath.Exp2(semitones / SemitonesPerOctave);
        return (ulong)Math.Floor((Math.Min(frequency / context.SampleRate, 0.5) * UnitsPerTurn) + 0.5);
    }

    private static void Add(ref SynthVoice voice, ulong increment, Span<double> mix)
    {
        for (var frame = 0; frame < mix.Length && voice.Stage != VoiceStage.Free; frame++)
        {
            mix[frame] += voice.NextEnvelope() * voice.Loudness * voice.Wave.At(voice.Phase, increment);
            voice.Phase += increment;
        }
    }

    private static void Mix(in ProcessorBlock block, ReadOnlySpan<double> mix)
    {
        var audio = block.Audio;
        ref readonly var level = ref block.Parameters[1];
        for (var channel = 0; channel < audio.ChannelCount; channel++)
        {
            var samples = audio.Channel(channel);
            for (var frame = 0; frame < samples.Length; frame++)
            {
                samples[frame] += (float)(mix[frame] * Level.At(level, block.Frame + frame));
            }
        }
    }
}
