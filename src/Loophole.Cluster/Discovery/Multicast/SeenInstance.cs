using System.Net;
using Loophole.Cluster.Discovery.Dns;

namespace Loophole.Cluster.Discovery.Multicast;

/// <summary>An instance of a service that somebody on a link points at, and what is known of it by now.</summary>
internal sealed class SeenInstance(DnsName name, IPAddress source, Lease pointer, TimeSpan nextAsk)
{
    /// <summary>How often what is missing is asked for.</summary>
    public const int MaxAsks = 4;

    public DnsName Name { get; } = name;

    /// <summary>Who pointed at it first: in whose number of instances it counts.</summary>
    public IPAddress Source { get; } = source;

    public Lease Pointer { get; set; } = pointer;

    public Lease? Service { get; set; }

    public Lease? Text { get; set; }

    /// <summary>The host of its <see cref="Service"/>.</summary>
    public DnsName? Host { get; set; }

    /// <summary>What its <see cref="Text"/> says; <see langword="null"/> when that breaks the rules.</summary>
    public NodeText? Said { get; set; }

    /// <summary>How often what is missing was asked for.</summary>
    public int Asks { get; set; }

    /// <summary>When it is asked for next.</summary>
    public TimeSpan NextAsk { get; set; } = nextAsk;

    /// <summary>Whether something was heard since it was told.</summary>
    public bool HasChanged { get; set; }

    /// <summary>What was told of it.</summary>
    public SeenNode? Told { get; set; }
}
