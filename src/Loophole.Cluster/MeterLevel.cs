using System.Collections.Immutable;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster;

/// <summary>What a meter shows at what is heard.</summary>
/// <param name="ChannelId">The meter's Channel (<c>Channel.Id</c>).</param>
/// <param name="NodeId">The meter (<c>GraphNode.Id</c>).</param>
/// <param name="StartFrame">The first frame of the window that was measured (<see cref="MeterWindows"/>), as <see cref="PlayProgress.RenderFrame"/> counts: of those that are known, the newest that
/// was heard to its end. What is measured is rendered ahead, but what is being heard may still change before its window ends.</param>
/// <param name="Readings">One for each audio channel.</param>
public sealed record MeterLevel(string ChannelId, string NodeId, long StartFrame, ImmutableArray<MeterReading> Readings);
