using System.Buffers;
using Loophole.Cluster.Links;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>Transports, listeners and connections with one flaw each.</summary>
internal static class BrokenConnections
{
    /// <summary>Keeps one buffer for ever.</summary>
    public sealed class Leaks : WrappedConnection
    {
        public Leaks(IClusterConnection inner, MemoryPool<byte> pool)
            : base(inner) => _ = pool.Rent();
    }

    /// <summary>Promises what nothing keeps.</summary>
    public sealed class ClaimsTls(IClusterConnection inner) : WrappedConnection(inner)
    {
        public override TransportSecurity Security => TransportSecurity.MutualTls;
    }

    /// <summary>Waits in Abort until every callback of Closed has run.</summary>
    public sealed class BlocksInAbort(IClusterConnection inner) : WrappedConnection(inner)
    {
        private readonly CancellationTokenSource _closed = CancellationTokenSource.CreateLinkedTokenSource(inner.Closed);

        public override CancellationToken Closed => _closed.Token;

        public override void Abort(string reason)
        {
            _closed.Cancel();
            base.Abort(reason);
        }
    }

    /// <summary>Opens channels on whatever connection is next.</summary>
    public sealed class SplitsChannels : WrappedConnection
    {
        private readonly List<IClusterConnection> _all;

        public SplitsChannels(IClusterConnection inner, List<IClusterConnection> all)
            : base(inner)
        {
            _all = all;
            if (inner.RemoteEndPoint.Host == "case")
            {
                all.Add(inner);
            }
        }

        public override ValueTask<IClusterChannel> OpenChannelAsync(ChannelPurpose purpose, CancellationToken cancellationToken = default) =>
            _all[^1].OpenChannelAsync(purpose, cancellationToken);
    }

    /// <summary>Goes on listening when disposed.</summary>
    public sealed class NeverStops(IClusterTransport inner) : WrappedTransport(inner)
    {
        public override async ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default) =>
            new Listener(await base.ListenAsync(local, cancellationToken));

        private sealed class Listener(IClusterListener inner) : IClusterListener
        {
            public Uri LocalEndPoint => inner.LocalEndPoint;

            public ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default) => inner.AcceptAsync(cancellationToken);

            public ValueTask DisposeAsync() => default;
        }
    }

    /// <summary>Classifies no error.</summary>
    public sealed class KnowsNoError(IClusterTransport inner) : WrappedTransport(inner)
    {
        public override async ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default)
        {
            try
            {
                return await base.ConnectAsync(remote, cancellationToken);
            }
            catch (TransportException failure)
            {
                throw new TransportException(TransportError.Unknown, failure.Message, failure);
            }
        }
    }

    /// <summary>Connects whether or not the caller still wants to.</summary>
    public sealed class IgnoresConnectToken(IClusterTransport inner) : WrappedTransport(inner)
    {
        public override ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default) => base.ConnectAsync(remote, CancellationToken.None);
    }

    /// <summary>Remembers every connection there ever was.</summary>
    public sealed class Remembers : WrappedConnection
    {
        public Remembers(IClusterConnection inner, List<object> all)
            : base(inner) => all.Add(this);
    }

    /// <summary>Names a peer whom nobody has shown.</summary>
    public sealed class InventsAPeer(IClusterConnection inner) : WrappedConnection(inner)
    {
        public override NodeFingerprint? RemoteFingerprint { get; } = NodeFingerprint.Of([1]);
    }

    /// <summary>Names another place than it connected to.</summary>
    public sealed class MistakesItsPeer(IClusterConnection inner) : WrappedConnection(inner)
    {
        public override Uri RemoteEndPoint => new("memory://elsewhere:1");
    }

    /// <summary>Opens something else where it should refuse.</summary>
    public sealed class OpensAnyChannel(IClusterConnection inner) : WrappedConnection(inner)
    {
        public override async ValueTask<IClusterChannel> OpenChannelAsync(ChannelPurpose purpose, CancellationToken cancellationToken = default)
        {
            try
            {
                return await base.OpenChannelAsync(purpose, cancellationToken);
            }
            catch (ArgumentOutOfRangeException)
            {
                return await base.OpenChannelAsync(ChannelPurpose.State, cancellationToken);
            }
        }
    }

    /// <summary>Opens links from the end that connected only.</summary>
    public sealed class OpensLinksFromOneEnd(IClusterConnection inner) : WrappedConnection(inner)
    {
        public override ValueTask<IAudioLink> OpenAudioLinkAsync(CancellationToken cancellationToken = default) => Inner.RemoteEndPoint.Host == "case"
            ? base.OpenAudioLinkAsync(cancellationToken)
            : throw new TransportException(TransportError.Refused, "This end accepted the connection.");
    }

    /// <summary>Shows a channel once something has come over it.</summary>
    public sealed class ShowsChannelsLate(IClusterConnection inner) : WrappedConnection(inner)
    {
        public override async ValueTask<IClusterChannel?> AcceptChannelAsync(CancellationToken cancellationToken = default)
        {
            var channel = await base.AcceptChannelAsync(cancellationToken);
            if (channel is not null)
            {
                var result = await channel.Input.ReadAsync(cancellationToken);
                channel.Input.AdvanceTo(result.Buffer.Start, result.Buffer.Start);
            }

            return channel;
        }
    }

    /// <summary>Gives the next channel to an accept that was cancelled.</summary>
    public sealed class LosesCancelledAccept(IClusterConnection inner) : WrappedConnection(inner)
    {
        private bool _isOwed;

        public override async ValueTask<IClusterChannel?> AcceptChannelAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                if (_isOwed)
                {
                    await base.AcceptChannelAsync(cancellationToken);
                    _isOwed = false;
                }

                return await base.AcceptChannelAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                _isOwed = true;
                throw;
            }
        }
    }

    /// <summary>Waits for channels though it is closed.</summary>
    public sealed class AcceptsForEver(IClusterConnection inner) : WrappedConnection(inner)
    {
        public override async ValueTask<IClusterChannel?> AcceptChannelAsync(CancellationToken cancellationToken = default)
        {
            var channel = await base.AcceptChannelAsync(cancellationToken);
            if (channel is null)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return channel;
        }
    }

    /// <summary>Resets the peer where it should end in good order.</summary>
    public sealed class EndsAsReset(IClusterConnection inner) : WrappedConnection(inner)
    {
        public override ValueTask DisposeAsync()
        {
            Abort("disposed");
            return base.DisposeAsync();
        }
    }

    /// <summary>Hides that it was closed.</summary>
    public sealed class NeverCloses(IClusterConnection inner) : WrappedConnection(inner)
    {
        public override CancellationToken Closed => CancellationToken.None;
    }

    /// <summary>Does not say who ended it.</summary>
    public sealed class ForgetsItsCause(IClusterConnection inner) : WrappedConnection(inner)
    {
        public override async ValueTask<IClusterChannel> OpenChannelAsync(ChannelPurpose purpose, CancellationToken cancellationToken = default)
        {
            try
            {
                return await base.OpenChannelAsync(purpose, cancellationToken);
            }
            catch (TransportException ended)
            {
                throw new TransportException(TransportError.Unknown, ended.Message, ended);
            }
        }

        public override async ValueTask<IAudioLink> OpenAudioLinkAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                return await base.OpenAudioLinkAsync(cancellationToken);
            }
            catch (TransportException ended)
            {
                throw new TransportException(TransportError.Unknown, ended.Message, ended);
            }
        }
    }

    /// <summary>Shows the peer's abort in an opening as disposal: opens nothing before it, so that the two always meet.</summary>
    public sealed class OpensIntoTheEnd(IClusterConnection inner) : WrappedConnection(inner)
    {
        public override async ValueTask<IClusterChannel> OpenChannelAsync(ChannelPurpose purpose, CancellationToken cancellationToken = default)
        {
            var ended = new TaskCompletionSource();
            await using var registration = Closed.UnsafeRegister(_ => ended.SetResult(), null);
            await ended.Task.WaitAsync(cancellationToken);
            throw new ObjectDisposedException(nameof(IClusterConnection));
        }
    }

    /// <summary>Aborts all others with itself.</summary>
    public sealed class AbortsOthers : WrappedConnection
    {
        private readonly List<IClusterConnection> _all;

        public AbortsOthers(IClusterConnection inner, List<IClusterConnection> all)
            : base(inner) => (_all = all).Add(inner);

        public override void Abort(string reason) => _all.ForEach(connection => connection.Abort(reason));
    }

    /// <summary>Opens channels whether or not the caller still wants to.</summary>
    public sealed class IgnoresOpenToken(IClusterConnection inner) : WrappedConnection(inner)
    {
        public override async ValueTask<IAudioLink> OpenAudioLinkAsync(CancellationToken cancellationToken = default) =>
            await base.OpenAudioLinkAsync(CancellationToken.None);
    }

    /// <summary>Cannot be disposed twice.</summary>
    public sealed class DisposesOnce(IClusterConnection inner) : WrappedConnection(inner)
    {
        private int _isDisposed;

        public override ValueTask DisposeAsync()
        {
            ObjectDisposedException.ThrowIf(Interlocked.Exchange(ref _isDisposed, 1) != 0, this);
            return base.DisposeAsync();
        }
    }

    /// <summary>Connects however long it takes.</summary>
    public sealed class ConnectsForEver(IClusterTransport inner, Action shown) : WrappedTransport(inner)
    {
        public override async ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default)
        {
            var connecting = base.ConnectAsync(remote, cancellationToken);
            shown();
            return await connecting;
        }
    }

    /// <summary>Is disposed only when the peer has ended too.</summary>
    public sealed class WaitsForGoodbye(IClusterConnection inner, Action shown) : WrappedConnection(inner)
    {
        public override async ValueTask DisposeAsync()
        {
            if (!Closed.IsCancellationRequested)
            {
                shown();
            }

            var closed = new TaskCompletionSource();
            await using (Closed.UnsafeRegister(_ => closed.SetResult(), null))
            {
                await closed.Task;
            }

            await base.DisposeAsync();
        }
    }
}
