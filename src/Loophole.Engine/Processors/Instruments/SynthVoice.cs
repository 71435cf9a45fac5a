namespace Loophole.Engine.Processors.Instruments;

/// <summary>A voice of the <see cref="SynthProcessor"/>: one note from its start until nothing is left of it. All of its state; nothing of it depends on where calls begin.</summary>
internal struct SynthVoice
{
    /// <summary>What it does.</summary>
    public VoiceStage Stage;

    /// <summary>Counts up with every note that starts, so that the oldest voice is known.</summary>
    public long Age;

    /// <summary>How it sounds.</summary>
    public SynthWave Wave;

    /// <summary>0 to 127.</summary>
    public int Key;

    /// <summary>0 to 15.</summary>
    public int MidiChannel;

    /// <summary>Whether the key was let go while the pedal is down.</summary>
    public bool IsOnPedal;

    /// <summary>As a fraction of a turn, in units of 2^-64.</summary>
    public ulong Phase;

    /// <summary>What the velocity makes of it, 0 to 1.</summary>
    public double Loudness;

    /// <summary>0 to 1.</summary>
    public double Envelope;

    /// <summary>What the envelope gains or loses in a frame.</summary>
    public double Slope;

    /// <summary>Where the envelope stays after the decay, 0 to 1.</summary>
    public double Sustain;

    /// <summary>What the envelope loses in a frame of the decay.</summary>
    public double DecaySlope;

    /// <summary>The envelope of this frame; goes on to the next. A voice that has come to its end is free.</summary>
    public double NextEnvelope()
    {
        var value = Envelope;
        Envelope += Slope;
        switch (Stage)
        {
            case VoiceStage.Attack when Envelope >= 1:
                (Stage, Envelope, Slope) = (VoiceStage.Decay, 1, -DecaySlope);
                break;
            case VoiceStage.Decay when Envelope <= Sustain:
                (Stage, Envelope, Slope) = (VoiceStage.Sustain, Sustain, 0);
                break;
            case VoiceStage.Release when Envelope <= 0:
                (Stage, Envelope, Slope) = (VoiceStage.Free, 0, 0);
                break;
        }

        return value;
    }
}
