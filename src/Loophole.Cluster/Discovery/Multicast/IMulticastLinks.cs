namespace Loophole.Cluster.Discovery.Multicast;

/// <summary>Where links come from. Disposing closes them; it waits for nobody.</summary>
internal interface IMulticastLinks : IAsyncDisposable
{
    /// <summary>Gives an agent the links that there are, and from then on those that come, and takes those that go. Called once.</summary>
    /// <exception cref="DiscoveryException">There is none.</exception>
    void Open(MulticastAgent agent);
}
