using System.Collections.Immutable;

namespace Loophole.Cluster.Messages;

/// <summary>Answer to <c>engineDiagnostics.links</c> (host only): how what every node renders comes to the host.</summary>
/// <param name="Format">What the session agrees on; <see langword="null"/> without one.</param>
/// <param name="IsPlayed">Whether what comes too late is heard: not where a file is written.</param>
/// <param name="Links">One for each subgraph that some node works on; none without a session.</param>
internal sealed record LinksReport(SessionFormat? Format, bool IsPlayed, ImmutableArray<LinkCounts> Links)
{
    private const int MostLinks = 100_000;

    /// <summary>What cannot be here, or <see langword="null"/>.</summary>
    public string? FindFault() =>
        Format is { IsSane: false } ? $"{Format} cannot be" :
        Format is null && !Links.IsEmpty ? "it has links without a session" :
        Links.Length > MostLinks ? $"it has {Links.Length} links" :
        Links.Contains(null!) ? "a link is null" :
        Links.FirstOrDefault(link => !link.IsSane) is { } absurd ? $"{absurd} cannot be" :
        Links.DistinctBy(link => link.SubgraphId).Count() < Links.Length ? "a subgraph is there twice" : null;
}
