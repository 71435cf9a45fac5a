using System.Collections.Immutable;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.Meters;

/// <summary>What a meter measured in one window, and whose it is.</summary>
/// <param name="SignalId">The signal that the meter's Channel makes: it tells the Channel in the whole graph.</param>
/// <param name="Node">The meter's place among the Nodes of that Channel.</param>
/// <param name="Epoch">The assignment under which its subgraph was rendered; 0 of what is rendered in the audio callback.</param>
/// <param name="StartFrame">Node-local frame of the window's first frame.</param>
/// <param name="Readings">One for each audio channel.</param>
internal sealed record MeterWindow(int SignalId, int Node, int Epoch, long StartFrame, ImmutableArray<MeterReading> Readings);
