using Loophole.Cluster.Links;

namespace Loophole.Cluster.Tests.Support;

/// <summary>A link to nobody: notes what is written, on which thread, and whether two writers were ever at it at once.</summary>
internal sealed class ScriptedLink : IAudioLink
{
    private readonly List<(long Frame, int Thread)> _flushed = [];
    private readonly List<long> _written = [];
    private int _writers;
    private int _overlaps;

    public CancellationToken Closed => CancellationToken.None;

    public AudioLinkException? Failure => null;

    public bool WaitsAtNetwork => false;

    /// <summary>What a flush ends with, if it is not done at once.</summary>
    public TaskCompletionSource? Flushing { get; set; }

    /// <summary>What a write throws.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>How often somebody wrote while somebody else did.</summary>
    public int Overlaps => Volatile.Read(ref _overlaps);

    /// <summary>The frames that were flushed, and by which thread.</summary>
    public IReadOnlyList<(long Frame, int Thread)> Flushed
    {
        get
        {
            lock (_flushed)
            {
                return [.. _flushed];
            }
        }
    }

    public bool TrySend(int streamId, long startFrame, ReadOnlySpan<float> samples)
    {
        using var writer = new Writer(this);
        if (Refusal is { } refusal)
        {
            throw refusal;
        }

        _written.Add(startFrame);
        return true;
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        using var writer = new Writer(this);
        if (Flushing is { } flushing)
        {
            await flushing.Task.WaitAsync(cancellationToken);
        }

        lock (_flushed)
        {
            _flushed.AddRange(_written.Select(frame => (frame, Environment.CurrentManagedThreadId)));
        }

        _written.Clear();
    }

    public void OpenStream(AudioStream stream, StreamDirection direction)
    {
    }

    public void CloseStream(int streamId)
    {
    }

    public void Grant(int streamId, long limitFrame)
    {
    }

    public void GrantHorizon(long horizonFrame)
    {
    }

    public ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default) => new(false);

    public bool Receive(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default) => false;

    public ValueTask CompleteAsync(CancellationToken cancellationToken = default) => default;

    public void Abort(string reason)
    {
    }

    public ValueTask DisposeAsync() => default;

    /// <summary>Somebody who writes, for as long as this lives.</summary>
    private readonly struct Writer : IDisposable
    {
        private readonly ScriptedLink _link;

        public Writer(ScriptedLink link)
        {
            _link = link;
            if (Interlocked.Increment(ref link._writers) != 1)
            {
                Interlocked.Increment(ref link._overlaps);
            }
        }

        public void Dispose() => Interlocked.Decrement(ref _link._writers);
    }
}
