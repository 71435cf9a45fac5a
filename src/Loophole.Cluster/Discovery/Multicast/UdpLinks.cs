using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Threading.Channels;
using Loophole.Cluster.Telemetry;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Discovery.Multicast;

/// <summary>A socket on each interface of this machine for each family of addresses that it has, and one on the loopback interface; as they come and go.</summary>
internal sealed class UdpLinks(ILogger logger, TimeProvider time) : IMulticastLinks
{
    /// <summary>How often is looked whether or not the system has said that something changed.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(10);

    private readonly Dictionary<(int Index, AddressFamily Family), UdpLink> _links = [];
    private readonly HashSet<(int Index, AddressFamily Family)> _refused = [];
    private readonly Channel<bool> _looks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private ITimer? _timer;
    private Task _watching = Task.CompletedTask;

    public void Open(MulticastAgent agent)
    {
        var refusal = Look(agent);
        if (_links.Count == 0)
        {
            throw new DiscoveryException(DiscoveryError.NoNetwork, refusal is null
                ? "This machine has no network interface that is up and does multicast."
                : $"No network interface can be listened at, port {MulticastAgent.Port}: {refusal.Message}", refusal);
        }

        // Linux tells of addresses by the one, and of interfaces that are switched off by the other.
        NetworkChange.NetworkAddressChanged += OnChanged;
        NetworkChange.NetworkAvailabilityChanged += OnChanged;
        _timer = time.CreateTimer(static links => ((UdpLinks)links!)._looks.Writer.TryWrite(true), this, LookPeriod, LookPeriod);
        _watching = WatchAsync(agent);
    }

    public async ValueTask DisposeAsync()
    {
        NetworkChange.NetworkAddressChanged -= OnChanged;
        NetworkChange.NetworkAvailabilityChanged -= OnChanged;
        if (_timer is not null)
        {
            await _timer.DisposeAsync().ConfigureAwait(false);
        }

        _looks.Writer.TryComplete();
        await _watching.ConfigureAwait(false);
        foreach (var link in _links.Values)
        {
            await link.DisposeAsync().ConfigureAwait(false);
        }

        _links.Clear();
    }

    private void OnChanged(object? sender, EventArgs change) => _looks.Writer.TryWrite(true);

    private async Task WatchAsync(MulticastAgent agent)
    {
        await foreach (var _ in _looks.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            Look(agent);
        }
    }

    /// <summary>Opens what has come and closes what has gone.</summary>
    /// <returns>What the system last said against it.</returns>
    private Exception? Look(MulticastAgent agent)
    {
        Exception? refusal = null;
        Dictionary<(int Index, AddressFamily Family), UdpPlace> places;
        try
        {
            places = UdpPlace.List().DistinctBy(place => (place.Index, place.Family)).ToDictionary(place => (place.Index, place.Family));
        }
        catch (NetworkInformationException changing)
        {
            // An interface went away while it was looked at; the system will say so.
            return changing;
        }

        foreach (var (key, link) in _links.Where(entry => entry.Value.HasEnded || !places.ContainsKey(entry.Key)).ToList())
        {
            _links.Remove(key);
            agent.Remove(link);
            // Nothing to wait for: it has let go of its socket.
            _ = link.DisposeAsync().AsTask();
        }

        foreach (var (key, place) in places)
        {
            if (_links.TryGetValue(key, out var link))
            {
                link.Stay(place, agent);
            }
            else
            {
                refusal = TryOpen(place, agent) ?? refusal;
            }
        }

        return refusal;
    }

    private SocketException? TryOpen(UdpPlace place, MulticastAgent agent)
    {
        var key = (place.Index, place.Family);
        try
        {
            var link = UdpLink.Open(place, logger);
            _links.Add(key, link);
            _refused.Remove(key);
            link.Start(agent);
            agent.Add(link);
            ClusterLog.LinkOpened(logger, link.Name);
            return null;
        }
        catch (SocketException refused)
        {
            if (_refused.Add(key))
            {
                ClusterLog.LinkRefused(logger, place.Name, refused.Message);
            }

            return refused;
        }
    }
}
