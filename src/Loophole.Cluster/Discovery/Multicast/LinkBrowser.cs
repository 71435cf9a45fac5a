using System.Net;
using Loophole.Cluster.Discovery.Dns;

namespace Loophole.Cluster.Discovery.Multicast;

/// <summary>Looks for a service on one link (RFC 6762, 5; RFC 6763, 4): asks, keeps what is answered for as long as it may be believed, and asks for that again. Used under
/// the agent's lock.</summary>
internal sealed partial class LinkBrowser(IMulticastLink link, NodeService service, SightingTable sightings, DnsWriter writer, Random random)
{
    /// <summary>Instances that are kept, in all and of one sender at the most; whoever sends more loses his own.</summary>
    public const int MaxInstances = 256;
    public const int MaxOfOneSource = 32;

    private const int MaxAddresses = 8;

    /// <summary>Questions that are asked at once; the rest waits for its turn.</summary>
    private const int MaxQuestions = 64;

    private static readonly TimeSpan FirstPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromHours(1);
    private static readonly TimeSpan AskPeriod = TimeSpan.FromSeconds(1);

    /// <summary>How long nothing is asked after something was, whatever others send.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    private readonly DnsName _name = ServiceNames.Of(service);
    private readonly Dictionary<DnsName, SeenInstance> _instances = [];
    private readonly Dictionary<DnsName, List<SeenAddress>> _hosts = [];
    private readonly Dictionary<IPAddress, int> _ofSource = [];
    private readonly List<(DnsName Name, DnsType Type)> _questions = [];
    private TimeSpan _period = FirstPeriod;
    private TimeSpan _nextQuery;
    private TimeSpan _quietUntil;

    public IMulticastLink Link => link;

    public NodeService Service => service;

    /// <summary>When there is something to do.</summary>
    public TimeSpan Due { get; private set; }

    /// <summary>Begins to ask.</summary>
    public void Start(TimeSpan now) => Due = _nextQuery = now + TimeSpan.FromMilliseconds(random.Next(20, 120));

    /// <summary>Does what is due.</summary>
    public void Run(TimeSpan now)
    {
        foreach (var (host, addresses) in _hosts)
        {
            if (addresses.RemoveAll(seen => seen.Lease.IsOver(now)) > 0)
            {
                Touch(host);
            }
        }

        foreach (var instance in _instances.Values)
        {
            var over = Over(instance.Pointer) ?? Over(instance.Service) ?? Over(instance.Text);
            if (over is { } lease)
            {
                Remove(instance, lease.IsTakenBack ? NodeGoneReason.Goodbye : NodeGoneReason.Expired);
            }
            else if (instance.HasChanged)
            {
                Tell(instance);
            }
        }

        Ask(now);
        Due = NextDue(now);

        Lease? Over(Lease? lease) => lease is not null && lease.IsOver(now) ? lease : null;
    }

    /// <summary>Nothing is seen through this link any more.</summary>
    public void Stop()
    {
        foreach (var instance in _instances.Values)
        {
            Remove(instance, NodeGoneReason.NetworkLost);
        }
    }

    private void Tell(SeenInstance instance)
    {
        var (told, node) = (instance.Told, NodeOf(instance));
        if (told is not null && told.Text.Id != node?.Text.Id)
        {
            sightings.Remove(link, told, node is not null || instance.Said is null ? NodeGoneReason.Replaced : NodeGoneReason.Expired);
        }

        if (node is not null && !node.Equals(told))
        {
            sightings.Put(link, node);
        }

        (instance.Told, instance.HasChanged) = (node, false);
    }

    private SeenNode? NodeOf(SeenInstance instance)
    {
        if (instance is not { Service: not null, Said: { } said, Host: { } host } || !_hosts.TryGetValue(host, out var addresses) || addresses.Count == 0)
        {
            return null;
        }

        var name = instance.Name.FirstLabel;
        return name.Any(IsUnreadable) || string.IsNullOrWhiteSpace(name) ? null : new SeenNode(service, name, said, [.. addresses.Select(seen => seen.Address)]);
    }

    /// <summary>What a terminal would take for a command, or was no UTF-8.</summary>
    private static bool IsUnreadable(char character) => char.IsControl(character) || character == '\uFFFD';

    private void Remove(SeenInstance instance, NodeGoneReason reason)
    {
        _instances.Remove(instance.Name);
        if (--_ofSource[instance.Source] == 0)
        {
            _ofSource.Remove(instance.Source);
        }

        DropHosts();
        if (instance.Told is { } told)
        {
            sightings.Remove(link, told, reason);
        }
    }

    /// <summary>Forgets hosts of no instance.</summary>
    private void DropHosts()
    {
        foreach (var host in _hosts.Keys.Where(host => !_instances.Values.Any(instance => host.Equals(instance.Host))).ToList())
        {
            _hosts.Remove(host);
        }
    }

    private TimeSpan NextDue(TimeSpan now)
    {
        var due = _nextQuery;
        foreach (var instance in _instances.Values)
        {
            due = Earlier(due, instance.Pointer.Due);
            due = Earlier(due, instance.Service?.Due ?? due);
            due = Earlier(due, instance.Text?.Due ?? due);
            due = IsIncomplete(instance) ? Earlier(due, instance.NextAsk) : due;
        }

        foreach (var addresses in _hosts.Values)
        {
            addresses.ForEach(seen => due = Earlier(due, seen.Lease.Due));
        }

        // What is due already waits for its turn to ask.
        return due > now ? due : _quietUntil;
    }

    private static TimeSpan Earlier(TimeSpan first, TimeSpan second) => first < second ? first : second;
}
