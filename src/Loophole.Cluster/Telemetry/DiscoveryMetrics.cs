using System.Diagnostics.Metrics;

namespace Loophole.Cluster.Telemetry;

/// <summary>What is received and found by discovery, as metrics. Safe for concurrent use.</summary>
internal sealed class DiscoveryMetrics : IDisposable
{
    private readonly Meter? _ownMeter;
    private readonly Counter<long> _packets;

    /// <param name="factory">Makes the meter; <see langword="null"/> for one of its own.</param>
    /// <param name="seen">How many nodes are seen now. [any]</param>
    public DiscoveryMetrics(IMeterFactory? factory, Func<int> seen)
    {
        var meter = ClusterMeter.Make(factory, out _ownMeter);
        _packets = meter.CreateCounter<long>("loophole.discovery.packets", "{packet}", "Packets that were received.");
        meter.CreateObservableGauge("loophole.discovery.nodes", seen, "{node}", "Nodes that are seen in the local network.");
    }

    /// <summary>A packet was received. [any]</summary>
    /// <param name="isTaken">Whether it is a message of somebody who takes part.</param>
    public void Receive(bool isTaken) => _packets.Add(1, new KeyValuePair<string, object?>("result", isTaken ? "taken" : "refused"));

    public void Dispose() => _ownMeter?.Dispose();
}
