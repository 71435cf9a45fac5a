using Loophole.Cluster.Links;

namespace Loophole.Bench.Playback;

/// <summary>Passes everything on, and from some moment sends horizons, which a host has no use for, as fast as the network takes them.</summary>
internal sealed class FloodingLink : IAudioLink
{
    private const int HorizonsPerFlush = 1_000;

    private readonly IAudioLink _link;
    private readonly SemaphoreSlim _sender = new(1, 1);
    private readonly Task _flooding;

    public FloodingLink(IAudioLink link, Task begin)
    {
        _link = link;

        // Not here: of a link that is made after that moment, nothing in the loop need ever wait.
        _flooding = Task.Run(() => FloodAsync(begin));
    }

    public CancellationToken Closed => _link.Closed;

    public AudioLinkException? Failure => _link.Failure;

    public bool WaitsAtNetwork => _link.WaitsAtNetwork;

    public void OpenStream(AudioStream stream, StreamDirection direction) => _link.OpenStream(stream, direction);

    public void CloseStream(int streamId) => _link.CloseStream(streamId);

    public bool TrySend(int streamId, long startFrame, ReadOnlySpan<float> samples)
    {
        _sender.Wait();
        try
        {
            return _link.TrySend(streamId, startFrame, samples);
        }
        finally
        {
            _sender.Release();
        }
    }

    public void Grant(int streamId, long limitFrame)
    {
        _sender.Wait();
        try
        {
            _link.Grant(streamId, limitFrame);
        }
        finally
        {
            _sender.Release();
        }
    }

    public void GrantHorizon(long horizonFrame)
    {
        // Of a satellite there is none but the flood's.
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        await _sender.WaitAsync(cancellationToken);
        try
        {
            await _link.FlushAsync(cancellationToken);
        }
        finally
        {
            _sender.Release();
        }
    }

    public ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default) => _link.ReceiveAsync(receiver, cancellationToken);

    public bool Receive(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default) => _link.Receive(receiver, cancellationToken);

    public ValueTask CompleteAsync(CancellationToken cancellationToken = default) => _link.CompleteAsync(cancellationToken);

    public void Abort(string reason) => _link.Abort(reason);

    public async ValueTask DisposeAsync()
    {
        await _link.DisposeAsync();
        await _flooding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _sender.Dispose();
    }

    private async Task FloodAsync(Task begin)
    {
        await begin.WaitAsync(_link.Closed);
        for (var horizon = 1L; !_link.Closed.IsCancellationRequested;)
        {
            await _sender.WaitAsync(_link.Closed);
            try
            {
                for (var end = horizon + HorizonsPerFlush; horizon < end; horizon++)
                {
                    _link.GrantHorizon(horizon);
                }

                await _link.FlushAsync(_link.Closed);
            }
            finally
            {
                _sender.Release();
            }
        }
    }
}
