namespace Loophole.Engine.Media;

/// <summary>How one sample is stored; all little-endian.</summary>
internal enum SampleFormat
{
    /// <summary>Unsigned, 128 is silence.</summary>
    Pcm8 = 1,

    /// <summary>Signed 16-bit.</summary>
    Pcm16,

    /// <summary>Signed 24-bit in three bytes.</summary>
    Pcm24,

    /// <summary>Signed 32-bit.</summary>
    Pcm32,

    /// <summary>IEEE 754 single.</summary>
    Float32,

    /// <summary>IEEE 754 double.</summary>
    Float64,
}
