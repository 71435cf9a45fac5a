using System.Collections.Immutable;
using Loophole.Cluster.Media;

namespace Loophole.Cluster.Messages;

/// <summary><c>media.query</c>: which of these does the Signal lack? Answered with a <see cref="MediaQuery"/> of the missing ones.</summary>
internal sealed record MediaQuery(ImmutableArray<MediaId> Assets);
