namespace Loophole.Cluster.TestKit.Impairment;

/// <summary>A connection, as the two links that it crosses see it. No call blocks, throws, or takes a channel's locks.</summary>
internal interface ILinkUser
{
    /// <summary>The link lets bytes pass again.</summary>
    void Wake();

    /// <summary>Resets the connection and tells both ends.</summary>
    void Cut();

    /// <summary>Loses the connection and tells only the end that sends over the link.</summary>
    void HalfOpen(ImpairedLink link);
}
