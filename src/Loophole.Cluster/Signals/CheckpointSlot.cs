using System.Buffers;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.Signals;

/// <summary>Holds one checkpoint on its way from a render thread to the state channel. One writer, one reader, never both.</summary>
internal sealed class CheckpointSlot
{
    private readonly ArrayBufferWriter<byte> _bytes = new(4096);
    private long _position;
    private int _isFull;

    public bool IsFull => Volatile.Read(ref _isFull) != 0;

    public long Position => _position;

    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>Saves a renderer's state. The buffer is kept, so only the first checkpoint allocates. [render thread]</summary>
    public void Fill(IRenderer renderer)
    {
        _bytes.ResetWrittenCount();
        renderer.Save(_bytes);
        _position = renderer.Position;
        Volatile.Write(ref _isFull, 1);
    }

    /// <summary>Frees the slot. [state pump]</summary>
    public void Empty() => Volatile.Write(ref _isFull, 0);
}
