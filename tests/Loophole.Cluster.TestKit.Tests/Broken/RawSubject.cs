using System.Buffers;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>The in-memory transport beside a listener for raw peers that stands for the same one, with a flaw in how it treats them, or with none.</summary>
internal sealed class RawSubject(RawFlaw flaw, TimeSpan timeLimit) : TransportSubject
{
    private const long MostBytes = 256 * 1024;
    private static readonly Uri Silent = new("memory://silent:1");

    private readonly List<RawPeer> _peers = [];
    private MemoryPool<byte> _pool = MemoryPool<byte>.Shared;

    public override Uri ListenEndPoint => new("memory://case:0");

    public override TransportSecurity Security => TransportSecurity.SameMachine;

    public override TimeSpan TimeLimit => timeLimit;

    public override long BufferLimit => 1 << 20;

    public override Uri SilentEndPoint => Silent;

    public override bool HasRawPeer => true;

    private RawFlaw Flaw => flaw;

    private bool IsStuck => flaw switch
    {
        RawFlaw.StuckOnTheGone => _peers.Exists(peer => peer.IsGone),
        RawFlaw.StuckOnGarbage => _peers.Exists(peer => peer.Written > 1),
        RawFlaw.StuckOnTheSilent => _peers.Exists(peer => !peer.IsGone && peer.Written == 0),
        _ => false,
    };

    public override IClusterTransport CreateTransport(MemoryPool<byte> pool)
    {
        _pool = pool;
        return new Transport(new InMemoryTransport(new InMemoryTransportOptions { Pool = pool }), this);
    }

    public override ValueTask<Stream> ConnectRawAsync(Uri listening, CancellationToken cancellationToken)
    {
        _peers.Add(new RawPeer(Hear));
        return new(_peers[^1]);
    }

    private void Hear(RawPeer peer)
    {
        if (flaw == RawFlaw.KeepsGarbage)
        {
            _pool.Rent(64 * 1024);
        }

        if (flaw != RawFlaw.HearsForEver && peer.Written > MostBytes)
        {
            throw new IOException("Cut off.");
        }
    }

    private sealed class Transport(IClusterTransport inner, RawSubject subject) : WrappedTransport(inner)
    {
        public override async ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default) =>
            new Listener(await base.ListenAsync(local, cancellationToken), subject);

        public override async ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default)
        {
            if (subject.IsStuck || (subject.Flaw == RawFlaw.ConnectsForEver && remote == Silent))
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return await base.ConnectAsync(remote, cancellationToken);
        }
    }

    private sealed class Listener(IClusterListener inner, RawSubject subject) : WrappedListener(inner, static connection => connection)
    {
        public override async ValueTask DisposeAsync()
        {
            if (subject.Flaw == RawFlaw.WaitsForTheHalfOpen)
            {
                await Task.WhenAll(subject._peers.Select(peer => peer.Gone));
            }

            await base.DisposeAsync();
        }
    }

    private sealed class RawPeer(Action<RawPeer> heard) : MemoryStream
    {
        private readonly TaskCompletionSource _gone = new();

        public long Written { get; private set; }

        public Task Gone => _gone.Task;

        public bool IsGone => _gone.Task.IsCompleted;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Written += buffer.Length;
            heard(this);
            return default;
        }

        protected override void Dispose(bool disposing)
        {
            _gone.TrySetResult();
            base.Dispose(disposing);
        }
    }
}
