using System.Net;
using Loophole.Cluster.Discovery.Dns;

namespace Loophole.Cluster.Discovery.Multicast;

internal sealed partial class LinkResponder
{
    /// <summary>Whether a record is one of ours, from here or by another way.</summary>
    public bool Has(in WireRecord record)
    {
        foreach (var own in _records)
        {
            if (own.Record.IsSaidBy(record))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Somebody takes back what is ours; everybody is told that it stands, within the second for which it is still believed.</summary>
    public void Rescue(in WireRecord goodbye, IPEndPoint sender, TimeSpan now)
    {
        if (!IsKnown)
        {
            return;
        }

        foreach (var own in _records)
        {
            if (own.Record.IsSaidBy(goodbye))
            {
                own.Ask(now, ShortRest, sender.Address);
            }
        }
    }

    /// <summary>Whether a record that is none of ours cannot stand beside them.</summary>
    public bool IsContradictedBy(in WireRecord record)
    {
        if (record.TimeToLive == 0 || !record.IsInternet || record.Type == DnsType.Nsec || !IsOurName(record.Name))
        {
            return false;
        }

        // Before we have asked for a name it may be anybody's, and once it is ours others may well say of it what we do not.
        var type = record.Type;
        return _isProbing ? _sent > 0 : type is DnsType.Srv or DnsType.Txt or DnsType.A or DnsType.Aaaa;
    }

    /// <summary>Somebody has a name: another one is taken, or if others know it as ours, it is asked for once more.</summary>
    /// <returns>Whether another one must be taken.</returns>
    public bool GiveWay(TimeSpan now)
    {
        if (_isProbing)
        {
            return true;
        }

        Probe(now);
        return false;
    }

    /// <summary>Somebody asks for a name at the same time; whoever has the greater records gets it (RFC 6762, 8.2). The other waits, and will be contradicted.</summary>
    public void BreakTie(DnsReader probe, TimeSpan now)
    {
        if (_isProbing && !_records.IsEmpty && (IsGreater(probe, advertisement.Instance) || IsGreater(probe, advertisement.Host)))
        {
            (_sent, _nextStep) = (0, now + TieDelay);
        }
    }

    private bool IsOurName(WireName name) => name.Is(advertisement.Instance) || name.Is(advertisement.Host);

    /// <summary>Whether what a prober would like to have under a name is greater than what we would: the records in order, each by type and data.</summary>
    private bool IsGreater(DnsReader probe, DnsName name)
    {
        var theirs = new List<byte[]>();
        Span<byte> scratch = stackalloc byte[WireRecord.SrvHead + DnsName.MaxLength];
        while (probe.TryReadRecord(out var record))
        {
            if (record.Section == DnsSection.Authorities && record.IsInternet && record.Name.Is(name))
            {
                theirs.Add(Comparable(record.Type, record.Uncompressed(scratch)));
            }
        }

        var ours = _records.Where(own => IsProposed(own) && own.Record.Name.Equals(name)).Select(own => Comparable(own.Record.Type, own.Record.Data.Span)).ToList();
        theirs.Sort(Compare);
        ours.Sort(Compare);
        for (var i = 0; i < theirs.Count; i++)
        {
            var order = i < ours.Count ? Compare(theirs[i], ours[i]) : 1;
            if (order != 0)
            {
                return order > 0;
            }
        }

        return false;
    }

    private static byte[] Comparable(DnsType type, ReadOnlySpan<byte> data) => [(byte)((int)type >> 8), (byte)type, .. data];

    private static int Compare(byte[] first, byte[] second) => first.AsSpan().SequenceCompareTo(second);
}
