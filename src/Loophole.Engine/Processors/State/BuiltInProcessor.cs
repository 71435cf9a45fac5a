using System.Buffers;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Processors.State;

/// <summary>A processor whose state is a fixed list of values for given settings.</summary>
internal abstract class BuiltInProcessor(string kind) : IProcessor
{
    /// <inheritdoc/>
    public abstract void Reset();

    /// <inheritdoc/>
    public abstract void Process(in ProcessorBlock block);

    /// <inheritdoc/>
    public void Save(IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var writer = new StateWriter(destination, kind);
        WriteState(ref writer);
        writer.End();
    }

    /// <inheritdoc/>
    public void Restore(ReadOnlySpan<byte> state)
    {
        try
        {
            var reader = new StateReader(state, kind);
            ReadState(ref reader);
            reader.End();
        }
        catch (RenderException)
        {
            Reset();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>Writes the same values in the same order, whatever they are.</summary>
    protected abstract void WriteState(ref StateWriter writer);

    /// <summary>Reads what <see cref="WriteState"/> wrote; may leave the instance half-restored when it throws.</summary>
    protected abstract void ReadState(ref StateReader reader);
}
