using System.Collections.Immutable;

namespace Loophole.Cluster.Messages;

/// <summary><c>playback.cut</c> (host only): what is heard will change. Takes back what some subgraphs made from a frame on, and lets them rest until <c>rendering.move</c>.</summary>
/// <param name="SubgraphIds">The subgraphs: with each of them, all that hear it.</param>
/// <param name="NotBefore">The earliest frame that is of use.</param>
/// <param name="ReactionFrames">How far ahead of what is heard it is at the least: the time that there is to render anew.</param>
internal sealed record CutCommand(ImmutableArray<string> SubgraphIds, long NotBefore, int ReactionFrames)
{
    /// <summary>What contradicts itself here, or <see langword="null"/>.</summary>
    public string? FindFault(SessionFormat format) =>
        NotBefore < 0 || NotBefore > format.EndFrame ? $"there is no frame {NotBefore}" :
        ReactionFrames < 0 || ReactionFrames > format.LeadFrames ? $"{ReactionFrames} frames are no part of the lead" :
        SubgraphIds.Contains(null!) ? "a subgraph is null" : null;
}
