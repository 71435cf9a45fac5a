using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>Transports with one flaw each, most of them in their listeners.</summary>
internal static class BrokenListeners
{
    /// <summary>Shouts its scheme.</summary>
    public sealed class Shouts(IClusterTransport inner) : WrappedTransport(inner)
    {
        public override string Scheme => base.Scheme.ToUpperInvariant();
    }

    /// <summary>Listens somewhere else when an endpoint is in use, or there is none.</summary>
    public sealed class ListensElsewhere(IClusterTransport inner) : WrappedTransport(inner)
    {
        private static readonly Uri Elsewhere = new("memory://case:0");

        public override async ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default)
        {
            try
            {
                return await base.ListenAsync(local ?? Elsewhere, cancellationToken);
            }
            catch (TransportException)
            {
                return await base.ListenAsync(Elsewhere, cancellationToken);
            }
        }
    }

    /// <summary>Has one listener only, and gives it to all who ask.</summary>
    public sealed class ListensOnce(IClusterTransport inner) : WrappedTransport(inner)
    {
        private IClusterListener? _only;

        public override async ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default) =>
            _only ??= await base.ListenAsync(local, cancellationToken);
    }

    /// <summary>Goes on when it is disposed, until the next time.</summary>
    public sealed class OutlivesDisposal(IClusterTransport inner) : WrappedTransport(inner)
    {
        private int _disposals;

        public override ValueTask DisposeAsync() => ++_disposals > 2 ? base.DisposeAsync() : default;
    }

    /// <summary>Names the port it was asked for, and means the one it got.</summary>
    public sealed class HidesItsPort(IClusterTransport inner) : WrappedTransport(inner)
    {
        private Uri? _real;

        public override async ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default)
        {
            var listener = await base.ListenAsync(local, cancellationToken);
            _real = listener.LocalEndPoint;
            return new Listener(listener, local);
        }

        public override ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default) => base.ConnectAsync(_real!, cancellationToken);

        private sealed class Listener(IClusterListener inner, Uri asked) : WrappedListener(inner, static connection => connection)
        {
            public override Uri LocalEndPoint => asked;
        }
    }

    /// <summary>Puts another listener in the place of each.</summary>
    public sealed class Replaces(IClusterTransport inner, Func<IClusterListener, IClusterListener> flaw) : WrappedTransport(inner)
    {
        public override async ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default) =>
            flaw(await base.ListenAsync(local, cancellationToken));
    }

    /// <summary>Shows a connection once its client has said something.</summary>
    public sealed class ShowsClientsLate(IClusterListener inner) : WrappedListener(inner, static connection => connection)
    {
        public override async ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            var connection = await base.AcceptAsync(cancellationToken);
            if (connection is not null)
            {
                var result = await connection.Control.Input.ReadAsync(cancellationToken);
                connection.Control.Input.AdvanceTo(result.Buffer.Start, result.Buffer.Start);
            }

            return connection;
        }
    }

    /// <summary>Gives every connection twice.</summary>
    public sealed class GivesTwice(IClusterListener inner) : WrappedListener(inner, static connection => connection)
    {
        private IClusterConnection? _again;

        public override async ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default) =>
            Interlocked.Exchange(ref _again, null) ?? (_again = await base.AcceptAsync(cancellationToken));
    }

    /// <summary>Gives the next connection to an accept that was cancelled.</summary>
    public sealed class LosesCancelledAccept(IClusterListener inner) : WrappedListener(inner, static connection => connection)
    {
        private bool _isOwed;

        public override async ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                if (_isOwed)
                {
                    await base.AcceptAsync(cancellationToken);
                    _isOwed = false;
                }

                return await base.AcceptAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                _isOwed = true;
                throw;
            }
        }
    }

    /// <summary>Takes its connections down with it.</summary>
    public sealed class TakesClientsAlong(IClusterListener inner) : WrappedListener(inner, static connection => connection)
    {
        private readonly List<IClusterConnection> _accepted = [];

        public override async ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            var connection = await base.AcceptAsync(cancellationToken);
            if (connection is not null)
            {
                _accepted.Add(connection);
            }

            return connection;
        }

        public override ValueTask DisposeAsync()
        {
            _accepted.ForEach(static connection => connection.Abort("The listener was disposed."));
            return base.DisposeAsync();
        }
    }
}
