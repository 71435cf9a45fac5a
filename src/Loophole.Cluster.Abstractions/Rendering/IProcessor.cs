using System.Buffers;

namespace Loophole.Cluster.Rendering;

/// <summary>One running instance of a processing element. Not thread-safe: one caller at a time.</summary>
/// <remarks>
/// <para><b>Purity.</b> Output is a function of the parameters, the input and the frames since the last <see cref="Reset"/> or
/// <see cref="Restore"/>; never of how the frames were divided into calls, of a clock, a thread or a random source.</para>
/// <para><b>Arithmetic.</b> Only + − × ÷ √ and <c>ExactMath</c>, in a fixed order, so that every machine gives the same bits.</para>
/// <para><b>Robustness.</b> Infinite or NaN input must not leave lasting NaN in the state; denormals are handled by the algorithm.</para>
/// </remarks>
public interface IProcessor : IDisposable
{
    /// <summary>Returns to the state after creation. Allocates nothing. [render thread]</summary>
    void Reset();

    /// <summary>Processes a stretch of frames in place. Allocates nothing, does not lock, does not throw. [render thread]</summary>
    /// <param name="block">The frames, at most the block size given at creation.</param>
    void Process(in ProcessorBlock block);

    /// <summary>Writes the whole DSP state. [render thread]</summary>
    /// <param name="destination">Receives any number of bytes.</param>
    void Save(IBufferWriter<byte> destination);

    /// <summary>Takes over a state that <see cref="Save"/> of an instance with the same settings wrote, on any machine. [render thread]</summary>
    /// <param name="state">Exactly the bytes written.</param>
    /// <exception cref="RenderException"><see cref="RenderError.BadCheckpoint"/>: the bytes are not such a state; the instance is as after <see cref="Reset"/>.</exception>
    void Restore(ReadOnlySpan<byte> state);
}
