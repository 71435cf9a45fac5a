using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Loophole.Cluster.Discovery.Dns;

namespace Loophole.Cluster.Discovery.Multicast;

/// <summary>Looks for a service on one link (RFC 6762, 5; RFC 6763, 4): asks, keeps what is answered for as long as it may be believed, and asks for that again. Used under
/// the agent's lock.</summary>
internal sealed class LinkBrowser(IMulticastLink link, NodeService service, SightingTable sightings, DnsWriter writer, Random random)
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

    /// <summary>Takes what others answer, to whomever.</summary>
    public void Hear(DnsReader response, IPAddress source, TimeSpan now)
    {
        // Instances, then what they are, then where: in whatever order they stand there.
        var isHeard = false;
        var pointers = response;
        while (pointers.TryReadRecord(out var record))
        {
            isHeard |= record.Type == DnsType.Ptr && record.IsInternet && record.Name.Is(_name) && HearPointer(record, source, now);
        }

        var instances = response;
        while (instances.TryReadRecord(out var record))
        {
            isHeard |= record.Type is DnsType.Srv or DnsType.Txt && record.IsInternet && HearInstance(record, now);
        }

        var hosts = response;
        while (hosts.TryReadRecord(out var record))
        {
            isHeard |= record.Type is DnsType.A or DnsType.Aaaa && record.IsInternet && HearAddress(record, now);
        }

        if (isHeard)
        {
            Run(now);
        }
    }

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

    private bool HearPointer(in WireRecord record, IPAddress source, TimeSpan now)
    {
        if (Find(record.Target) is { } known)
        {
            if (record.TimeToLive == 0)
            {
                known.Pointer.End(now);
            }
            else
            {
                known.Pointer = LeaseOf(record, now);
            }

            return true;
        }

        var name = record.Target.ToName();
        if (record.TimeToLive == 0 || !name.IsChildOf(_name) || !MakeRoom(source))
        {
            return false;
        }

        _instances.Add(name, new SeenInstance(name, source, LeaseOf(record, now), now + TimeSpan.FromMilliseconds(random.Next(20, 120))));
        _ofSource[source] = _ofSource.GetValueOrDefault(source) + 1;
        return true;
    }

    private bool HearInstance(in WireRecord record, TimeSpan now)
    {
        if (Find(record.Name) is not { } instance)
        {
            return false;
        }

        var isService = record.Type == DnsType.Srv;
        instance.HasChanged = true;
        if (record.TimeToLive == 0)
        {
            (isService ? instance.Service : instance.Text)?.End(now);
        }
        else if (isService)
        {
            instance.Service = LeaseOf(record, now);
            if (instance.Host is null || !record.Target.Is(instance.Host))
            {
                instance.Host = record.Target.ToName();
                _hosts.TryAdd(instance.Host, []);
                DropHosts();
            }
        }
        else
        {
            instance.Text = LeaseOf(record, now);
            instance.Said = NodeText.Read(record.Data);
        }

        return true;
    }

    private bool HearAddress(in WireRecord record, TimeSpan now)
    {
        var (address, family) = (new IPAddress(record.Data), record.Type == DnsType.A ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6);
        if (!IsUsable(ref address) || FindHost(record.Name) is not { } host)
        {
            return false;
        }

        var addresses = _hosts[host];
        Touch(host);
        if (record.IsUnique && record.TimeToLive > 0)
        {
            // Whoever has all of them would have named those that were heard earlier.
            foreach (var other in addresses.Where(other => other.Address.AddressFamily == family && !other.Address.Equals(address) && now - other.Lease.Heard > AskPeriod))
            {
                other.Lease.End(now);
            }
        }

        var seen = addresses.Find(other => other.Address.Equals(address));
        if (record.TimeToLive == 0)
        {
            seen?.Lease.End(now);
        }
        else if (seen is not null)
        {
            seen.Lease = LeaseOf(record, now);
        }
        else if (addresses.Count < MaxAddresses)
        {
            addresses.Add(new SeenAddress(address, LeaseOf(record, now)));
        }

        return true;
    }

    /// <summary>Whether one can dial an address that was seen through this link; link-local ones get its zone.</summary>
    private bool IsUsable(ref IPAddress address)
    {
        if (address.IsIPv6LinkLocal)
        {
            address = new IPAddress(address.GetAddressBytes(), link.Interface);
        }

        return address.AddressFamily == AddressFamily.InterNetwork
            ? address.GetAddressBytes()[0] is > 0 and < 224 && (link.IsLoopback || !IPAddress.IsLoopback(address))
            : !address.IsIPv6Multicast && !address.IsIPv4MappedToIPv6 && !address.Equals(IPAddress.IPv6Any) && (link.IsLoopback || !IPAddress.IsLoopback(address));
    }

    private Lease LeaseOf(in WireRecord record, TimeSpan now) => new(now, record.TimeToLive, random);

    // Names are compared in the message: what nobody asked for makes no garbage.
    private SeenInstance? Find(WireName name)
    {
        foreach (var instance in _instances.Values)
        {
            if (name.Is(instance.Name))
            {
                return instance;
            }
        }

        return null;
    }

    private DnsName? FindHost(WireName name)
    {
        foreach (var host in _hosts.Keys)
        {
            if (name.Is(host))
            {
                return host;
            }
        }

        return null;
    }

    private void Touch(DnsName host)
    {
        foreach (var instance in _instances.Values.Where(instance => host.Equals(instance.Host)))
        {
            instance.HasChanged = true;
        }
    }

    /// <summary>Whether one more of a sender can be kept: where there is no room, whoever has more than he loses one.</summary>
    private bool MakeRoom(IPAddress source)
    {
        var own = _ofSource.GetValueOrDefault(source);
        if (own >= MaxOfOneSource)
        {
            return false;
        }

        if (_instances.Count < MaxInstances)
        {
            return true;
        }

        var (most, count) = _ofSource.MaxBy(entry => entry.Value);
        if (count <= own + 1)
        {
            return false;
        }

        Remove(_instances.Values.Last(instance => instance.Source.Equals(most)), NodeGoneReason.Crowded);
        return true;
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

    private void Ask(TimeSpan now)
    {
        if (now < _quietUntil)
        {
            return;
        }

        _questions.Clear();
        if (now >= _nextQuery)
        {
            _questions.Add((_name, DnsType.Ptr));
            _nextQuery = now + _period;
            _period = _period * 2 < LongestPeriod ? _period * 2 : LongestPeriod;
        }

        foreach (var instance in _instances.Values)
        {
            AskFor(instance, now);
        }

        foreach (var (host, addresses) in _hosts)
        {
            foreach (var seen in addresses.Where(seen => HasRoom && seen.Lease.TakeRefresh(now)))
            {
                Add(host, seen.Address.AddressFamily == AddressFamily.InterNetwork ? DnsType.A : DnsType.Aaaa);
            }
        }

        if (_questions.Count > 0)
        {
            _quietUntil = now + Quiet;
            Send(now);
        }
    }

    private bool HasRoom => _questions.Count < MaxQuestions;

    private void AskFor(SeenInstance instance, TimeSpan now)
    {
        if (HasRoom && instance.Pointer.TakeRefresh(now))
        {
            Add(_name, DnsType.Ptr);
        }

        if (HasRoom && instance.Service?.TakeRefresh(now) == true)
        {
            Add(instance.Name, DnsType.Srv);
        }

        if (HasRoom && instance.Text?.TakeRefresh(now) == true)
        {
            Add(instance.Name, DnsType.Txt);
        }

        if (!HasRoom || !IsIncomplete(instance) || now < instance.NextAsk)
        {
            return;
        }

        if (++instance.Asks > SeenInstance.MaxAsks)
        {
            Remove(instance, NodeGoneReason.Expired);
            return;
        }

        instance.NextAsk = now + (AskPeriod * (1 << (instance.Asks - 1)));
        if (instance.Service is null)
        {
            Add(instance.Name, DnsType.Srv);
        }

        if (instance.Text is null)
        {
            Add(instance.Name, DnsType.Txt);
        }

        if (HasNoAddress(instance))
        {
            Add(instance.Host!, DnsType.A);
            Add(instance.Host!, DnsType.Aaaa);
        }
    }

    private bool IsIncomplete(SeenInstance instance) => instance.Service is null || instance.Text is null || HasNoAddress(instance);

    private bool HasNoAddress(SeenInstance instance) => instance.Host is not null && _hosts[instance.Host].Count == 0;

    private void Add(DnsName name, DnsType type)
    {
        if (!_questions.Contains((name, type)))
        {
            _questions.Add((name, type));
        }
    }

    private void Send(TimeSpan now)
    {
        writer.Begin(isResponse: false);
        foreach (var (name, type) in _questions)
        {
            if (!writer.TryAsk(name, type))
            {
                link.Send(writer.Message);
                writer.Begin(isResponse: false);
                writer.TryAsk(name, type);
            }
        }

        if (_questions.Contains((_name, DnsType.Ptr)))
        {
            SayWhatIsKnown(now);
        }

        link.Send(writer.Message);
    }

    private void SayWhatIsKnown(TimeSpan now)
    {
        foreach (var instance in _instances.Values)
        {
            var seconds = instance.Pointer.KnownSeconds(now);
            var known = DnsRecord.Pointer(_name, instance.Name);
            if (seconds > 0 && !writer.TryWrite(known, DnsSection.Answers, seconds))
            {
                writer.MarkTruncated();
                link.Send(writer.Message);
                writer.Begin(isResponse: false);
                writer.TryWrite(known, DnsSection.Answers, seconds);
            }
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

        foreach (var seen in _hosts.Values.SelectMany(addresses => addresses))
        {
            due = Earlier(due, seen.Lease.Due);
        }

        // What is due already waits for its turn to ask.
        return due > now ? due : _quietUntil;
    }

    private static TimeSpan Earlier(TimeSpan first, TimeSpan second) => first < second ? first : second;
}
