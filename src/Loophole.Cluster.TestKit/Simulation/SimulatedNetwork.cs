using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.IO.Pipelines;
using Loophole.Cluster.TestKit.Impairment;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Simulation;

/// <summary>A network inside one process, with every fault that a network has, on a clock that can be a <see cref="ManualTimeProvider"/>. Safe for concurrent use.</summary>
/// <remarks>
/// <para><b>Places.</b> Endpoints are <c>sim://place:port</c>, port 0 for a free one. The transport itself connects from the place <c>client</c>;
/// <see cref="Place"/> gives it as another place sees it. Each direction between two places is an <see cref="ImpairedLink"/>.</para>
/// <para><b>Time.</b> What has no delay happens inside the call that causes it; all else when the clock gets there. Nothing reads another clock.</para>
/// <para><b>Draws.</b> Each channel draws from a sequence of its own, which the seed, the two places and the channel's number decide. So the same seed
/// and the same calls in the same order give the same <see cref="Trace"/>.</para>
/// <para><b>Streams.</b> Channels are lossless byte streams: loss is a delay (see <see cref="LinkConditions"/>). An abort travels like a byte, and what is
/// under way when a channel is aborted is gone.</para>
/// </remarks>
public sealed class SimulatedNetwork : IClusterTransport
{
    private const string DefaultPlace = "client";

    private readonly SimulatedNetworkOptions _options;
    private readonly Agenda _agenda;
    private readonly NetworkTrace _trace;
    private readonly SimulatedHost _client;
    private readonly ConcurrentDictionary<string, SimulatedListener> _listeners = new();
    private readonly ConcurrentDictionary<(string From, string To), ImpairedLink> _links = new();
    private int _lastPort;
    private int _lastClient;
    private int _lastChannel;

    /// <summary>Makes a network of its own.</summary>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for <see cref="TimeProvider.System"/>.</param>
    public SimulatedNetwork(SimulatedNetworkOptions? options = null, TimeProvider? timeProvider = null)
    {
        _options = options ?? new SimulatedNetworkOptions();
        Time = timeProvider ?? TimeProvider.System;
        _agenda = new Agenda(Time);
        _trace = new NetworkTrace(_options.TraceCapacity);
        _client = new SimulatedHost(this, DefaultPlace);
        PipeOptions = new PipeOptions(
            _options.Pool ?? MemoryPool<byte>.Shared,
            readerScheduler: PipeScheduler.ThreadPool,
            writerScheduler: PipeScheduler.ThreadPool,
            pauseWriterThreshold: _options.PauseThreshold,
            resumeWriterThreshold: _options.PauseThreshold / 2,
            minimumSegmentSize: 16 * 1024,
            useSynchronizationContext: false);
    }

    /// <inheritdoc/>
    public string Scheme => "sim";

    /// <inheritdoc/>
    public TransportSecurity Security => TransportSecurity.SameMachine;

    /// <summary>What has happened so far, the last entries of it. [any]</summary>
    public ImmutableArray<TraceEntry> Trace => _trace.Snapshot();

    internal TimeProvider Time { get; }

    internal TimeSpan ConnectTimeout => _options.ConnectTimeout;

    internal PipeOptions PipeOptions { get; }

    /// <summary>The transport of one place: it connects from there. [any]</summary>
    /// <param name="name">As it stands in endpoints.</param>
    /// <returns>A transport; disposing it disposes the listeners made through it.</returns>
    /// <exception cref="ArgumentException">The name cannot stand in an endpoint.</exception>
    public IClusterTransport Place(string name) => new SimulatedHost(this, CheckName(name));

    /// <summary>One direction between two places. [any]</summary>
    /// <param name="from">The place that sends.</param>
    /// <param name="to">The place that receives.</param>
    /// <returns>The link, the same on each call.</returns>
    /// <exception cref="ArgumentException">A name cannot stand in an endpoint.</exception>
    public ImpairedLink Link(string from, string to) => _links.GetOrAdd(
        (CheckName(from), CheckName(to)), ends => new ImpairedLink(ends.From, ends.To, _options.Conditions, SeedOf(ends.From, ends.To, 0), _agenda, _trace));

    /// <inheritdoc/>
    public ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default) => _client.ListenAsync(local, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default) => _client.ConnectAsync(remote, cancellationToken);

    /// <summary>Disposes the listeners made through this object. Connections are their callers' to dispose, and still work.</summary>
    /// <returns>Completes when nobody listens there any more.</returns>
    public ValueTask DisposeAsync() => _client.DisposeAsync();

    internal SimulatedListener Listen(Uri local)
    {
        CheckEndPoint(local);
        if (local.Port == 0)
        {
            local = new Uri($"{Scheme}://{local.Host}:{1 + (Interlocked.Increment(ref _lastPort) % 65535)}");
        }

        var listener = new SimulatedListener(local, closed => _listeners.TryRemove(new(closed.LocalEndPoint.Authority, closed)));
        return _listeners.TryAdd(local.Authority, listener)
            ? listener
            : throw new TransportException(TransportError.BadEndPoint, $"Somebody listens at {local} already.");
    }

    internal async ValueTask<IClusterConnection> ConnectAsync(string from, Uri remote, CancellationToken cancellationToken)
    {
        CheckEndPoint(remote);
        var client = new Uri($"{Scheme}://{from}:{1 + (Interlocked.Increment(ref _lastClient) % 65535)}");
        var wire = new SimulatedWire(this, Link(from, remote.Host), Link(remote.Host, from), remote, client);
        var request = new PendingRequest();
        wire.Post(fromNear: true, () =>
        {
            if (request.TryTake())
            {
                var refusal = Offer(wire.Far, remote);
                wire.Post(fromNear: false, () => request.Answer(refusal));
            }
        });
        try
        {
            await request.WaitAsync(Time, ConnectTimeout, $"{remote} did not answer", wire.Near.Closed, cancellationToken).ConfigureAwait(false);
            return wire.Near;
        }
        catch
        {
            wire.Near.Abort("It was not made.");
            await wire.Near.DisposeAsync().ConfigureAwait(false);
            if (request.TryTake())
            {
                await wire.Far.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    internal int NextChannel() => Interlocked.Increment(ref _lastChannel);

    /// <summary>A seed that depends on the numbers alone, and not on the process: FNV-1a.</summary>
    internal int SeedOf(string from, string to, int channel)
    {
        var hash = 2166136261u;
        foreach (var letter in $"{_options.Seed}/{from}/{to}/{channel}")
        {
            hash = (hash ^ letter) * 16777619;
        }

        return (int)hash;
    }

    private TransportException? Offer(SimulatedConnection connection, Uri remote)
    {
        if (_listeners.TryGetValue(remote.Authority, out var listener) && listener.TryAdd(connection))
        {
            return null;
        }

        // On the pool, because disposal takes the locks of its channels.
        ThreadPool.UnsafeQueueUserWorkItem(static refused => _ = refused.DisposeAsync().AsTask(), connection, preferLocal: false);
        return listener is null
            ? new TransportException(TransportError.Unreachable, $"Nobody listens at {remote}.")
            : new TransportException(TransportError.Refused, $"{remote} is closing or has too many connections waiting.");
    }

    private static string CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Uri.CheckHostName(name) == UriHostNameType.Dns ? name.ToLowerInvariant() : throw new ArgumentException($"'{name}' cannot stand in an endpoint.", nameof(name));
    }

    private void CheckEndPoint(Uri endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        if (!endPoint.IsAbsoluteUri || endPoint.Scheme != Scheme || Uri.CheckHostName(endPoint.Host) != UriHostNameType.Dns)
        {
            throw new TransportException(TransportError.BadEndPoint, $"{endPoint} is not a {Scheme}://place:port endpoint.");
        }
    }
}
