using System.Net;
using Loophole.Cluster.Discovery.Dns;

namespace Loophole.Cluster.Discovery.Multicast;

/// <summary>A record of ours on one link: when it was told to all, and when it is to be told again because somebody asked.</summary>
internal sealed class OwnRecord(DnsRecord record)
{
    public DnsRecord Record { get; } = record;

    /// <summary>When it was last told to all; <see langword="null"/> for never.</summary>
    public TimeSpan? Told { get; set; }

    /// <summary>When it is to be told; <see langword="null"/> for not.</summary>
    public TimeSpan? Due { get; private set; }

    /// <summary>Who alone has asked for it.</summary>
    public IPAddress? Asker { get; private set; }

    /// <summary>Somebody asks for it.</summary>
    /// <param name="due">When to answer.</param>
    /// <param name="rest">How long it is not told again after it was (RFC 6762, 6).</param>
    /// <param name="asker">Who asks.</param>
    public void Ask(TimeSpan due, TimeSpan rest, IPAddress asker)
    {
        Asker = Due is null || asker.Equals(Asker) ? asker : null;
        due = Told is { } told && told + rest > due ? told + rest : due;
        Due = due < Due ? due : Due ?? due;
    }

    public void Forget() => Due = null;

    /// <summary>Whether somebody who says this knows it, and for long enough (RFC 6762, 7.1).</summary>
    public bool IsKnownBy(in WireRecord record) => record.TimeToLive >= Record.TimeToLive / 2 && Record.IsSaidBy(record);
}
