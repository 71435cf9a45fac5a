namespace Loophole.Devices.Wav;

/// <summary>Blocks of samples on their way from one thread to another: one producer, one consumer, and neither waits. Allocates only at construction.</summary>
/// <param name="blocks">How many fit, 1 or more.</param>
/// <param name="blockSamples">Samples of one, 1 or more.</param>
internal sealed class BlockRing(int blocks, int blockSamples)
{
    private readonly float[] _samples = new float[checked(blocks * blockSamples)];
    private long _written;
    private long _taken;

    /// <summary>Whether another block fits. [producer]</summary>
    public bool HasRoom => _written - Volatile.Read(ref _taken) < blocks;

    /// <summary>Whether there is a block. [consumer]</summary>
    public bool HasBlock => _taken < Volatile.Read(ref _written);

    /// <summary>Where the next block is written; has what some block before left there. While there is room. [producer]</summary>
    public Span<float> Next => Block(_written);

    /// <summary>The oldest block. While there is one. [consumer]</summary>
    public ReadOnlySpan<float> Oldest => Block(_taken);

    /// <summary>Hands the next block over. [producer]</summary>
    public void Publish() => Volatile.Write(ref _written, _written + 1);

    /// <summary>Gives the oldest block's place back. [consumer]</summary>
    public void Release() => Volatile.Write(ref _taken, _taken + 1);

    private Span<float> Block(long number) => _samples.AsSpan((int)(number % blocks) * blockSamples, blockSamples);
}
