namespace Loophole.Engine.Processors.Instruments;

/// <summary>What a <see cref="SynthVoice"/> does.</summary>
internal enum VoiceStage
{
    Free = 0,
    Attack = 1,
    Decay = 2,
    Sustain = 3,
    Release = 4,
}
