using System.Buffers;

namespace Loophole.Engine.Rendering;

/// <summary>Something in a renderer that remembers audio: a processor or an edge delay. The clauses are those of <c>IProcessor</c>.</summary>
internal interface ICheckpointed
{
    /// <summary>What messages call it.</summary>
    string Name { get; }

    /// <summary>Which part of a checkpoint is its own.</summary>
    UInt128 Identity { get; }

    void Clear();

    void Save(IBufferWriter<byte> destination);

    /// <exception cref="Loophole.Cluster.Rendering.RenderException">The bytes are not such a state.</exception>
    void Restore(ReadOnlySpan<byte> state);
}
