namespace Loophole.Cluster.Links;

/// <summary>Which way a stream runs, seen from one end of a link.</summary>
public enum StreamDirection
{
    /// <summary>This end sends blocks and receives credit.</summary>
    Send = 0,

    /// <summary>This end receives blocks and grants credit.</summary>
    Receive = 1,
}
