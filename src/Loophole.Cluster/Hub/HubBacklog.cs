using System.Collections.Immutable;
using Loophole.Cluster.Messages;

namespace Loophole.Cluster.Hub;

/// <summary>Who holds up whom: how far each subgraph has come beside what it needs.</summary>
/// <param name="routes">The subgraphs.</param>
/// <param name="signals">What they make.</param>
/// <param name="format">Where the grid ends, and its block.</param>
internal readonly struct HubBacklog(HubRoutes routes, ImmutableDictionary<int, HubSignal> signals, SessionFormat format)
{
    /// <summary>The subgraph that is furthest behind although its inputs are further, or <see langword="null"/>.</summary>
    public SubgraphRoute? FindStalled()
    {
        var backlog = this;
        var end = format.EndFrame;
        return routes.All
            .Where(route => backlog.Made(route) < end && !backlog.Starving(route, 1).Any())
            .OrderBy(backlog.Made)
            .ThenBy(route => route.SubgraphId, StringComparer.Ordinal)
            .FirstOrDefault();
    }

    /// <summary>The subgraphs that a signal waits for: of those it is made by and of, the ones that have all they need for their next block.</summary>
    public IEnumerable<LateSubgraph> FindLate(int signalId)
    {
        var late = new List<LateSubgraph>();
        Follow(signalId, late, []);
        return late;
    }

    private void Follow(int signalId, List<LateSubgraph> late, HashSet<string> seen)
    {
        // What the host itself makes in its callback has no route.
        if (routes.All.FirstOrDefault(route => route.Outputs.Any(stream => stream.SignalId == signalId)) is not { } maker || !seen.Add(maker.SubgraphId))
        {
            return;
        }

        StreamRoute[] starving = [.. Starving(maker, format.BlockFrames)];
        foreach (var input in starving)
        {
            Follow(input.SignalId, late, seen);
        }

        if (starving.Length == 0)
        {
            late.Add(new LateSubgraph(maker.SubgraphId, maker.Node));
        }
    }

    private long Made(SubgraphRoute route)
    {
        var made = format.EndFrame;
        foreach (var stream in route.Outputs)
        {
            made = Math.Min(made, Reached(stream));
        }

        return made;
    }

    /// <summary>The inputs of a subgraph that have not the next frames for it.</summary>
    private IEnumerable<StreamRoute> Starving(SubgraphRoute route, int frames)
    {
        var (backlog, needed) = (this, Math.Min(Made(route) + frames, format.EndFrame));
        return route.Inputs.Where(stream => backlog.Reached(stream) < needed);
    }

    /// <summary>How far a signal has come. One that comes or goes just now, as its route does, holds up nobody.</summary>
    private long Reached(StreamRoute stream) => signals.TryGetValue(stream.SignalId, out var signal) ? signal.Ring.WriteFrame : format.EndFrame;
}
