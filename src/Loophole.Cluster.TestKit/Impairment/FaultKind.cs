namespace Loophole.Cluster.TestKit.Impairment;

/// <summary>What can befall a link.</summary>
public enum FaultKind
{
    /// <summary>Nothing arrives for a time; then everything that was due does.</summary>
    Stall = 0,

    /// <summary>Nothing arrives and nobody is told, until <see cref="Resume"/>. A byte stream then goes on where it stopped, as one that
    /// retransmits does; datagrams sent meanwhile are gone.</summary>
    BlackHole = 1,

    /// <summary>Ends a stall or a black hole.</summary>
    Resume = 2,

    /// <summary>Every connection over the link is reset; both ends are told. New ones may be made. Datagrams of the peers known so far vanish from now on, both ways.</summary>
    Cut = 3,

    /// <summary>Every connection over the link is lost; the end that sends over it is told, the other is not. Datagrams of the peers
    /// known so far vanish, this way only.</summary>
    HalfOpen = 4,

    /// <summary>The next byte to arrive has some of its bits flipped.</summary>
    Corrupt = 5,

    /// <summary>The link has other conditions for what is sent from now on.</summary>
    Change = 6,
}
