using System.Buffers;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Rendering;

internal sealed partial class Renderer
{
    private readonly ArrayBufferWriter<byte> _memoryBytes = new();

    /// <inheritdoc/>
    public void Save(IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ThrowIfUnusable();
        var memories = _machine.Memories;
        CheckpointFormat.WriteHeader(destination, Position, memories.Count);
        for (var i = 0; i < memories.Count; i++)
        {
            _memoryBytes.ResetWrittenCount();
            memories[i].Save(_memoryBytes);
            CheckpointFormat.WriteMemory(destination, memories[i].Identity, _memoryBytes.WrittenSpan);
        }
    }

    /// <inheritdoc/>
    public void Restore(long position, ReadOnlySpan<byte> checkpoint)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var saved = CheckpointFormat.Read(checkpoint, position);
        if (_machine.Memories.FirstOrDefault(memory => !saved.ContainsKey(memory.Identity)) is { } lacking)
        {
            throw new RenderException(RenderError.BadCheckpoint, $"{lacking.Name} is not in the checkpoint, or is another one there.");
        }

        foreach (var memory in _machine.Memories)
        {
            Restore(memory, checkpoint[saved[memory.Identity]]);
        }

        StartAt(position);
    }

    private void Restore(ICheckpointed memory, ReadOnlySpan<byte> state)
    {
        try
        {
            memory.Restore(state);
        }
        catch (Exception cause)
        {
            // Whatever the bytes make a processor throw, the caller learns one thing: this checkpoint is of no use, the renderer is as new.
            _machine.Clear();
            StartAt(0);
            throw new RenderException(RenderError.BadCheckpoint, $"{memory.Name} does not take its part of the checkpoint: {cause.Message}", cause);
        }
    }

    private void StartAt(long position)
    {
        Position = position;
        _machine.Seek(position);
        _isTorn = false;
    }
}
