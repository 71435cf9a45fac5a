using Loophole.Cluster.Plan;

namespace Loophole.Cluster.Messages;

/// <summary><c>cluster.deploy</c>: run this subgraph. Answered when it is ready, or refused with the reason.</summary>
/// <param name="Format">What the session agrees on.</param>
/// <param name="Plan">What to render.</param>
/// <param name="Route">How its signals travel.</param>
/// <param name="IsInsert">Whether it renders whatever has come, in blocks as short as that, because what is live waits for it; and is told of changes as they come, because it is never ahead of what is heard.</param>
/// <remarks>Nothing flows before the host's begin message (<see cref="State.StateMessage"/>) has arrived on the state channel.</remarks>
internal sealed record DeployCommand(SessionFormat Format, SubgraphPlan Plan, SubgraphRoute Route, bool IsInsert);
