using Loophole.Cluster.Links;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Protocol.Tests.Contract;

/// <summary>A transport whose links receive on threads of their own, so that the clauses of the one way of receiving run over the other.</summary>
public sealed class ThreadedTransport(IClusterTransport inner) : IClusterTransport
{
    public string Scheme => inner.Scheme;

    public TransportSecurity Security => inner.Security;

    public async ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default) =>
        new Listener(await inner.ListenAsync(local, cancellationToken));

    public async ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default) =>
        new Connection(await inner.ConnectAsync(remote, cancellationToken));

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class Listener(IClusterListener inner) : IClusterListener
    {
        public Uri LocalEndPoint => inner.LocalEndPoint;

        public async ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await inner.AcceptAsync(cancellationToken) is { } connection ? new Connection(connection) : null;

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class Connection(IClusterConnection inner) : IClusterConnection
    {
        public Uri RemoteEndPoint => inner.RemoteEndPoint;

        public TransportSecurity Security => inner.Security;

        public NodeFingerprint? RemoteFingerprint => inner.RemoteFingerprint;

        public IClusterChannel Control => inner.Control;

        public CancellationToken Closed => inner.Closed;

        public ValueTask<IClusterChannel> OpenChannelAsync(ChannelPurpose purpose, CancellationToken cancellationToken = default) =>
            inner.OpenChannelAsync(purpose, cancellationToken);

        public ValueTask<IClusterChannel?> AcceptChannelAsync(CancellationToken cancellationToken = default) => inner.AcceptChannelAsync(cancellationToken);

        public async ValueTask<IAudioLink> OpenAudioLinkAsync(CancellationToken cancellationToken = default) =>
            new Link(await inner.OpenAudioLinkAsync(cancellationToken));

        public async ValueTask<IAudioLink?> AcceptAudioLinkAsync(CancellationToken cancellationToken = default) =>
            await inner.AcceptAudioLinkAsync(cancellationToken) is { } link ? new Link(link) : null;

        public void Abort(string reason) => inner.Abort(reason);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class Link(IAudioLink inner) : IAudioLink
    {
        private int _isReceiving;

        public CancellationToken Closed => inner.Closed;

        public AudioLinkException? Failure => inner.Failure;

        public bool WaitsAtNetwork => inner.WaitsAtNetwork;

        public void OpenStream(AudioStream stream, StreamDirection direction) => inner.OpenStream(stream, direction);

        public void CloseStream(int streamId) => inner.CloseStream(streamId);

        public bool TrySend(int streamId, long startFrame, ReadOnlySpan<float> samples) => inner.TrySend(streamId, startFrame, samples);

        public void Grant(int streamId, long limitFrame) => inner.Grant(streamId, limitFrame);

        public void GrantHorizon(long horizonFrame) => inner.GrantHorizon(horizonFrame);

        public ValueTask FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

        public async ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default)
        {
            // The thread may not have begun when the next call comes.
            if (Interlocked.Exchange(ref _isReceiving, 1) != 0)
            {
                throw new InvalidOperationException("A receive is pending.");
            }

            try
            {
                return await Task.Factory.StartNew(
                    () => inner.Receive(receiver, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
            finally
            {
                Volatile.Write(ref _isReceiving, 0);
            }
        }

        public bool Receive(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default) => inner.Receive(receiver, cancellationToken);

        public ValueTask CompleteAsync(CancellationToken cancellationToken = default) => inner.CompleteAsync(cancellationToken);

        public void Abort(string reason) => inner.Abort(reason);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
