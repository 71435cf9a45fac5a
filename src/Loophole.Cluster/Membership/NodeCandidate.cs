using System.Collections.Immutable;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Membership;

/// <summary>A node that was found and is not in the session. What it says of itself is not proven. Immutable.</summary>
/// <param name="Name">Its name, as it says.</param>
/// <param name="Id">Its id, as it says, or <see langword="null"/>.</param>
/// <param name="EndPoints">Where it was found.</param>
/// <param name="Reason">Why it is not in the session, in words.</param>
/// <param name="NextAttempt">When it is tried again; <see langword="null"/> when it is being tried, or something has to change before.</param>
public sealed record NodeCandidate(string Name, NodeId? Id, ImmutableArray<Uri> EndPoints, string Reason, DateTimeOffset? NextAttempt);
