using System.Collections.Immutable;
using Loophole.Cluster.Plan;

namespace Loophole.Cluster.Messages;

/// <summary><c>playback.turn</c> (host only): something else is to be rendered in the audio callback. The host does so at the earliest frame at which it can be done unheard, and says it with
/// <c>playback.turned</c>.</summary>
/// <param name="HasLive">Whether what <c>cluster.deployLive</c> has made ready last is rendered there then; otherwise nothing is.</param>
/// <param name="Retired">Subgraphs that were rendered ahead, of which some becomes live: from now on nobody renders them but the host, for as long as it takes.</param>
/// <param name="Leaving">What was live and is to be rendered ahead; <see langword="null"/> for nothing. The host renders it until somebody else does (<c>rendering.place</c>).</param>
internal sealed record TurnCommand(bool HasLive, ImmutableArray<SubgraphPlan> Retired, SubgraphPlan? Leaving)
{
    /// <summary>What contradicts itself here, or <see langword="null"/>.</summary>
    public string? FindFault(SessionFormat format) =>
        Retired.Contains(null!) ? "a subgraph is null"
        : Retired.DistinctBy(plan => plan.Id).Count() < Retired.Length ? "a subgraph is retired twice"
        : Retired.Concat(Leaving is null ? [] : [Leaving]).FirstOrDefault(plan => plan.SampleRate != format.SampleRate || plan.BlockFrames != format.BlockFrames || plan.Outputs.IsEmpty) is { } other
            ? $"{other.Id} is of another session" : null;
}
