using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Loophole.Cluster.Discovery.Multicast;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Loophole.Cluster.Discovery;

/// <summary>Discovery in the local network by multicast DNS and DNS-SD (RFC 6762, RFC 6763), at UDP port 5353 of every interface, over IPv4 and IPv6. Other programs at
/// that port, such as Avahi, go on beside it.</summary>
/// <remarks>
/// <para><b>Network.</b> Nothing is opened before the first call. Interfaces that come and go later are noticed within ten seconds, mostly at once. On each, 256 nodes
/// of a service are kept, 32 of them from one sender; whoever sends more loses his own.</para>
/// <para><b>Times.</b> A node is told of after it was asked for a second whether its name is taken. One that says goodbye is gone a second later, one that is lost when its
/// two minutes are over.</para>
/// <para><b>Metrics.</b> Meter <c>Loophole.Cluster</c>: <c>loophole.discovery.packets</c> by <c>result</c> (<c>taken</c>, <c>refused</c>), <c>loophole.discovery.nodes</c>.</para>
/// <para><b>Limits.</b> Nothing passes a router. Who asks from another port than 5353 is not answered.</para>
/// </remarks>
public sealed class MdnsDiscovery : INodeDiscovery
{
    private readonly MulticastAgent _agent;
    private readonly IMulticastLinks _links;
    private readonly Lock _gate = new();
    private bool _isOpen;
    private bool _isDisposed;

    /// <summary>Makes a discovery; it does nothing before it is asked.</summary>
    /// <param name="loggers">For logs, or <see langword="null"/> for none.</param>
    /// <param name="time">The clock, or <see langword="null"/> for the system's.</param>
    /// <param name="meterFactory">Makes the meter; <see langword="null"/> for one of its own.</param>
    public MdnsDiscovery(ILoggerFactory? loggers = null, TimeProvider? time = null, IMeterFactory? meterFactory = null)
    {
        var logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger<MdnsDiscovery>();
        time ??= TimeProvider.System;
        (_agent, _links) = (new MulticastAgent(logger, time, new Random(), meterFactory), new UdpLinks(logger, time));
    }

    internal MdnsDiscovery(MulticastAgent agent, IMulticastLinks links) => (_agent, _links) = (agent, links);

    /// <inheritdoc/>
    public ValueTask<INodeAdvertisement> AdvertiseAsync(NodeAnnouncement node, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(node);
        cancellationToken.ThrowIfCancellationRequested();
        Open();
        return new ValueTask<INodeAdvertisement>(_agent.Advertise(node));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<NodeSighting> BrowseAsync(NodeService service, CancellationToken cancellationToken = default)
    {
        ServiceNames.Of(service);
        return ReadAsync(new BrowseFeed(service), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        _agent.Dispose();
        await _links.DisposeAsync().ConfigureAwait(false);
    }

    private async IAsyncEnumerable<NodeSighting> ReadAsync(BrowseFeed feed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Open();
        _agent.Watch(feed);
        try
        {
            await foreach (var sighting in feed.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return sighting;
            }
        }
        finally
        {
            _agent.Unwatch(feed);
        }
    }

    private void Open()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_isOpen)
            {
                _links.Open(_agent);
                _isOpen = true;
            }
        }
    }
}
