using System.Collections.Concurrent;
using System.IO.Pipelines;
using Loophole.Cluster.Protocol.Transports;
using Loophole.Cluster.Transports;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Protocol;

/// <summary>Connects ends inside one process by pipe pairs. One instance is one network: only its own listeners are reachable.</summary>
/// <remarks>Endpoints are <c>memory://name</c>, or <c>memory://name:0</c> for a free number.</remarks>
public sealed class InMemoryTransport : IClusterTransport
{
    private readonly ConcurrentDictionary<string, InMemoryListener> _listeners = new();
    private readonly PipeOptions _pipeOptions;
    private readonly ILoggerFactory? _loggerFactory;
    private int _lastNumber;
    private int _isDisposed;

    /// <summary>Makes a network of its own.</summary>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="loggerFactory">Where log events go; <see langword="null"/> for nowhere.</param>
    public InMemoryTransport(InMemoryTransportOptions? options = null, ILoggerFactory? loggerFactory = null)
    {
        options ??= new InMemoryTransportOptions();
        _loggerFactory = loggerFactory;
        _pipeOptions = new PipeOptions(
            options.Pool,
            pauseWriterThreshold: options.PauseThreshold,
            resumeWriterThreshold: options.PauseThreshold / 2,
            minimumSegmentSize: 16 * 1024,
            useSynchronizationContext: false);
    }

    /// <inheritdoc/>
    public string Scheme => "memory";

    /// <inheritdoc/>
    public TransportSecurity Security => TransportSecurity.SameMachine;

    /// <inheritdoc/>
    public ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default)
    {
        CheckEndPoint(local);
        cancellationToken.ThrowIfCancellationRequested();
        if (local.Port == 0)
        {
            local = new Uri($"{Scheme}://{local.Host}:{1 + (Interlocked.Increment(ref _lastNumber) % 65535)}");
        }

        var listener = new InMemoryListener(local, closed => _listeners.TryRemove(new(closed.LocalEndPoint.Authority, closed)));
        return _listeners.TryAdd(local.Authority, listener)
            ? new ValueTask<IClusterListener>(listener)
            : throw new TransportException(TransportError.BadEndPoint, $"Somebody listens at {local} already.");
    }

    /// <inheritdoc/>
    public ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default)
    {
        CheckEndPoint(remote);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_listeners.TryGetValue(remote.Authority, out var listener))
        {
            throw new TransportException(TransportError.Unreachable, $"Nobody listens at {remote}.");
        }

        var client = new Uri($"{Scheme}://client-{Interlocked.Increment(ref _lastNumber)}");
        var (near, far) = InMemoryConnection.CreatePair(_pipeOptions, remote, client, _loggerFactory);
        if (!listener.TryAdd(far))
        {
            far.Abort("refused");
            throw new TransportException(TransportError.Refused, $"{remote} is closing or has too many connections waiting.");
        }

        return new ValueTask<IClusterConnection>(near);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _isDisposed, 1);
        foreach (var listener in _listeners.Values)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void CheckEndPoint(Uri endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        if (!endPoint.IsAbsoluteUri || endPoint.Scheme != Scheme || endPoint.Host.Length == 0)
        {
            throw new TransportException(TransportError.BadEndPoint, $"{endPoint} is not a {Scheme}://name endpoint.");
        }
    }
}
