using Loophole.Cluster.Plan;

namespace Loophole.Cluster.Messages;

/// <summary><c>cluster.deployLive</c> (host only): make this subgraph ready to be rendered in the audio callback. Answered when it is, or refused with the reason.</summary>
/// <param name="Format">What the session agrees on.</param>
/// <param name="Plan">What to render.</param>
/// <param name="OutputSignalId">The one of its outputs that is heard; the others are for inserts.</param>
/// <param name="EventLeadFrames">How far ahead of what is heard a change takes effect at the least.</param>
internal sealed record DeployLiveCommand(SessionFormat Format, SubgraphPlan Plan, int OutputSignalId, int EventLeadFrames)
{
    /// <summary>What contradicts itself here, or <see langword="null"/>.</summary>
    public string? FindFault() =>
        Format.IsSane && Plan.SampleRate == Format.SampleRate && Plan.BlockFrames == Format.BlockFrames && Plan.Outputs.Count(signal => signal.Id == OutputSignalId) == 1 && EventLeadFrames >= 0 && EventLeadFrames <= Format.LeadFrames
            ? null
            : $"The deployment of {Plan.Id} contradicts itself.";
}
