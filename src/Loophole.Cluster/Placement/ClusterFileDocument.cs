using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Placement;

/// <summary>A cluster file as it stands there.</summary>
/// <param name="Version">Of the file's format.</param>
/// <param name="Nodes">The host and its satellites.</param>
/// <param name="Headroom">The part of every node's capacity that stays free.</param>
/// <param name="AllowsCloud">Whether nodes in the cloud may be given work.</param>
/// <param name="Pins">Names of nodes by Channels, which are named by their id, or a name that only one has.</param>
internal sealed record ClusterFileDocument(int Version, ImmutableArray<ClusterFileNode> Nodes, double Headroom = 0.2, bool AllowsCloud = false, ImmutableSortedDictionary<string, string>? Pins = null)
{
    public const int CurrentVersion = 1;
}

/// <summary>A node in a <see cref="ClusterFileDocument"/>.</summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="Role">One of them is the host.</param>
/// <param name="Workers">Render threads.</param>
/// <param name="Speed">What each of them renders in real time.</param>
/// <param name="MemoryMiB">Memory that may be used; 0 for any.</param>
/// <param name="Plugins">All that it has, or <see langword="null"/> for every one.</param>
/// <param name="RoundTripMs">How far away it is.</param>
/// <param name="Kind">Where it is.</param>
/// <param name="Excluded">Why it is given nothing, or <see langword="null"/>.</param>
internal sealed record ClusterFileNode(
    string Name,
    NodeRole Role,
    int Workers,
    double Speed = PartitionNode.UnknownSpeed,
    long MemoryMiB = 0,
    ImmutableArray<string>? Plugins = null,
    double RoundTripMs = 0,
    PeerKind Kind = PeerKind.Lan,
    string? Excluded = null);

/// <summary>How a cluster file looks: generated at build time; a member that is not known is an error, as it would be meant for something.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(ClusterFileDocument))]
internal sealed partial class ClusterFileJson : JsonSerializerContext;
