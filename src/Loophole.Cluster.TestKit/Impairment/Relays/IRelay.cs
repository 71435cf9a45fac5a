using System.Net;

namespace Loophole.Cluster.TestKit.Impairment.Relays;

/// <summary>What an <see cref="ImpairmentRelay"/> runs.</summary>
internal interface IRelay : IAsyncDisposable
{
    IPEndPoint EndPoint { get; }
}
