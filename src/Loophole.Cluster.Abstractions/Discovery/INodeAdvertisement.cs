namespace Loophole.Cluster.Discovery;

/// <summary>A node that others are told of. Disposing tells them that it leaves; idempotent, and completes without waiting for anybody. [any]</summary>
public interface INodeAdvertisement : IAsyncDisposable
{
    /// <summary>The name that others see: the announced one, shortened where the way of telling asks for it, or with a number behind it, such as
    /// <c>studio (2)</c>, when another node in the network has it. It can change at any time. [any]</summary>
    string Name { get; }
}
