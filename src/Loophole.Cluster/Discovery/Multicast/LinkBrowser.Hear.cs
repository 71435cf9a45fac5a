using System.Net;
using System.Net.Sockets;
using Loophole.Cluster.Discovery.Dns;

namespace Loophole.Cluster.Discovery.Multicast;

internal sealed partial class LinkBrowser
{
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
}
