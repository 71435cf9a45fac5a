using System.Collections.Concurrent;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Tcp.Sockets;
using Loophole.Cluster.Tcp.Wire;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Connections;

/// <summary>The side that listened. It cannot dial, so it asks the other side for sockets over the back channel.</summary>
internal sealed class AcceptedConnection : PipeClusterConnection
{
    private readonly ConnectionKey _key;
    private readonly TicketWindow _tickets = new();
    private readonly TcpSettings _settings;
    private readonly Action<AcceptedConnection> _onClosed;
    private readonly ConcurrentDictionary<uint, Wanted> _wanted = new();
    private readonly TaskCompletionSource<SocketLine> _back = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _asking = new(1, 1);
    private uint _lastRequest;

    public AcceptedConnection(LineChannel control, SocketLine line, ConnectionKey key, TcpSettings settings, Action<AcceptedConnection> onClosed)
        : base(control, TcpEndPoints.ToUri(line.RemoteEndPoint!), settings.Security, line.RemoteFingerprint, null, settings.LoggerFactory)
    {
        _key = key;
        _settings = settings;
        _onClosed = onClosed;
    }

    public Guid Id => _key.Id;

    /// <summary>Judges a line that wants to belong to this connection. A ticket that passes is used up.</summary>
    public Answer Check(SocketLine line, ReadOnlySpan<byte> preamble, uint number) =>
        line.RemoteFingerprint != RemoteFingerprint ? Answer.OtherCertificate
        : !_key.IsSigned(preamble) ? Answer.BadTicket
        : _tickets.TryUse(number) ? Answer.Accepted
        : Answer.UsedTicket;

    /// <summary>Called when the peer has ended the control channel.</summary>
    public void EndByPeer()
    {
        OnPeerClosed();
        OnClosed();
    }

    /// <summary>Takes the line on which channels are asked for.</summary>
    public bool TrySetBack(SocketLine line) => !Closed.IsCancellationRequested && _back.TrySetResult(line);

    /// <summary>Takes a channel that the peer has opened: by itself, or because it was asked to.</summary>
    public bool TryTake(LineChannel channel, uint request)
    {
        if (request == 0)
        {
            return TryAccept(channel);
        }

        return _wanted.TryRemove(request, out var wanted) && wanted.Purpose == channel.Purpose && wanted.Channel.TrySetResult(channel);
    }

    protected override async ValueTask<PipeClusterChannel> OpenPipeAsync(ChannelPurpose purpose, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _lastRequest);
        var wanted = new Wanted(purpose);
        _wanted[number] = wanted;
        using var deadline = new Deadline(_settings.Options.ConnectTimeout, _settings.Time, cancellationToken);
        using var lost = Closed.UnsafeRegister(static state => ((Wanted)state!).Channel.TrySetCanceled(), wanted);
        try
        {
            await AskAsync(new BackRequest((byte)purpose, number), deadline.Token).ConfigureAwait(false);
            return await wanted.Channel.Task.WaitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException || TcpErrors.IsOfLine(exception))
        {
            // From here on a channel that comes late is refused; one that came just now is dropped.
            if (!wanted.Channel.TrySetCanceled(CancellationToken.None) && wanted.Channel.Task.IsCompletedSuccessfully)
            {
                wanted.Channel.Task.Result.Abort("Nobody waits for it any more.");
            }

            cancellationToken.ThrowIfCancellationRequested();
            throw Closed.IsCancellationRequested
                ? new TransportException(TransportError.PeerReset, $"The connection with {RemoteEndPoint} ended.", exception)
                : new TransportException(TransportError.Unreachable, $"{RemoteEndPoint} did not open a {purpose} channel in {_settings.Options.ConnectTimeout}.", exception);
        }
        finally
        {
            _wanted.TryRemove(number, out _);
        }
    }

    protected override void OnClosed()
    {
        _onClosed(this);
        if (!_back.TrySetCanceled() && _back.Task.IsCompletedSuccessfully)
        {
            _back.Task.Result.Dispose();
        }
    }

    private async ValueTask AskAsync(BackRequest request, CancellationToken cancellationToken)
    {
        var back = await _back.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        var bytes = new byte[BackRequest.Size];
        request.Write(bytes);
        await _asking.WaitAsync(cancellationToken).ConfigureAwait(false);

        // Waiting can be cancelled, writing cannot: half a request would garble all later ones.
        await WriteAndReleaseAsync(back, bytes).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteAndReleaseAsync(SocketLine back, byte[] bytes)
    {
        try
        {
            await back.WriteAsync(bytes, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _asking.Release();
        }
    }

    private sealed class Wanted(ChannelPurpose purpose)
    {
        public ChannelPurpose Purpose => purpose;

        public TaskCompletionSource<LineChannel> Channel { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
