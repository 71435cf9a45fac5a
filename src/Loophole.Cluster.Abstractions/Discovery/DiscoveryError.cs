namespace Loophole.Cluster.Discovery;

/// <summary>Why nodes can be neither told of nor found.</summary>
public enum DiscoveryError
{
    /// <summary>This machine has no network that what is used needs, or it may not be used; see the inner exception.</summary>
    NoNetwork = 1,
}
