using System.IO.Pipelines;
using System.Text;
using Loophole.Cluster.Links;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Tests.Support;

/// <summary>An in-memory network whose dialled connections can be cut: on command, or with the n-th control message sent over them (heartbeats do not count).</summary>
internal sealed class FlakyTransport : IClusterTransport
{
    private readonly InMemoryTransport _network = new();
    private readonly Lock _gate = new();
    private readonly List<(Uri Remote, IClusterConnection Connection)> _connections = [];

    public string Scheme => _network.Scheme;

    public TransportSecurity Security => _network.Security;

    /// <summary>Control messages after which the first connection to an endpoint is cut.</summary>
    public Dictionary<Uri, int> CutsAfter { get; } = [];

    public ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default) => _network.ListenAsync(local, cancellationToken);

    public async ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default)
    {
        var connection = await _network.ConnectAsync(remote, cancellationToken);
        lock (_gate)
        {
            var isFirst = _connections.All(known => known.Remote != remote);
            _connections.Add((remote, connection));
            return isFirst && CutsAfter.TryGetValue(remote, out var messages) ? new Connection(connection, messages) : connection;
        }
    }

    /// <summary>How often an endpoint was dialled.</summary>
    public int Dialled(Uri remote)
    {
        lock (_gate)
        {
            return _connections.Count(known => known.Remote == remote);
        }
    }

    /// <summary>Cuts everything that was dialled to an endpoint.</summary>
    public void Cut(Uri remote)
    {
        lock (_gate)
        {
            foreach (var (_, connection) in _connections.Where(known => known.Remote == remote))
            {
                connection.Abort("cut by the test");
            }
        }
    }

    public ValueTask DisposeAsync() => _network.DisposeAsync();

    private sealed class Connection(IClusterConnection inner, int messages) : IClusterConnection
    {
        public Uri RemoteEndPoint => inner.RemoteEndPoint;

        public TransportSecurity Security => inner.Security;

        public NodeFingerprint? RemoteFingerprint => inner.RemoteFingerprint;

        public IClusterChannel Control { get; } = new Channel(inner, messages);

        public CancellationToken Closed => inner.Closed;

        public ValueTask<IClusterChannel> OpenChannelAsync(ChannelPurpose purpose, CancellationToken cancellationToken = default) => inner.OpenChannelAsync(purpose, cancellationToken);

        public ValueTask<IClusterChannel?> AcceptChannelAsync(CancellationToken cancellationToken = default) => inner.AcceptChannelAsync(cancellationToken);

        public ValueTask<IAudioLink> OpenAudioLinkAsync(CancellationToken cancellationToken = default) => inner.OpenAudioLinkAsync(cancellationToken);

        public ValueTask<IAudioLink?> AcceptAudioLinkAsync(CancellationToken cancellationToken = default) => inner.AcceptAudioLinkAsync(cancellationToken);

        public void Abort(string reason) => inner.Abort(reason);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class Channel(IClusterConnection connection, int messages) : IClusterChannel
    {
        public ChannelPurpose Purpose => connection.Control.Purpose;

        public CancellationToken Closed => connection.Control.Closed;

        public PipeReader Input => connection.Control.Input;

        public PipeWriter Output { get; } = new Writer(connection, messages);

        public void Abort(string reason) => connection.Control.Abort(reason);

        public ValueTask DisposeAsync() => connection.Control.DisposeAsync();
    }

    private sealed class Writer(IClusterConnection connection, int messages) : PipeWriter
    {
        private readonly PipeWriter _inner = connection.Control.Output;
        private readonly StringBuilder _message = new();
        private Memory<byte> _memory;
        private int _left = messages;

        public override void Advance(int bytes)
        {
            _message.Append(Encoding.UTF8.GetString(_memory.Span[..bytes]));
            _inner.Advance(bytes);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => _memory = _inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            var counts = !_message.ToString().Contains("heartbeat", StringComparison.Ordinal);
            _message.Clear();
            if (counts && --_left == 0)
            {
                connection.Abort("cut by the test");
            }

            return _inner.FlushAsync(cancellationToken);
        }

        public override void CancelPendingFlush() => _inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => _inner.Complete(exception);
    }
}
