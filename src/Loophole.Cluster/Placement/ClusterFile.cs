using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Placement;

/// <summary>A cluster that is described in a file, so that placements can be tried without it. JSON, with comments.</summary>
/// <remarks>For example <c>{"version":1,"nodes":[{"name":"studio","role":"host","workers":8},{"name":"tower","role":"satellite","workers":16,"speed":12000,"memoryMiB":32768,"roundTripMs":0.4}],"pins":{"Drums":"tower"}}</c>.
/// A node may also have <c>plugins</c> (all that it has), <c>kind</c> (<c>lan</c>, <c>cloud</c>) and <c>excluded</c> (why it is given nothing); the file may have <c>headroom</c> and <c>allowsCloud</c>.</remarks>
public sealed class ClusterFile
{
    private const long MaxBytes = 1 << 20;
    private const int MaxNodes = 256;

    private readonly ClusterFileDocument _document;
    private readonly string _path;

    private ClusterFile(ClusterFileDocument document, string path) => (_document, _path) = (document, path);

    /// <summary>Reads a file. [any]</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>What is in it.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It describes no cluster; the message names the file and what is wrong in it.</exception>
    public static async Task<ClusterFile> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 4096, useAsync: true);
            await using var closing = file.ConfigureAwait(false);
            if (file.Length > MaxBytes)
            {
                throw new InvalidDataException($"{path} has {file.Length} bytes; a cluster file has {MaxBytes} at most.");
            }

            var document = await JsonSerializer.DeserializeAsync(file, ClusterFileJson.Default.ClusterFileDocument, cancellationToken).ConfigureAwait(false);
            return new ClusterFile(Checked(document, path), path);
        }
        catch (JsonException malformed)
        {
            throw new InvalidDataException($"{path} describes no cluster: {malformed.Message}", malformed);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException($"{path} cannot be read: {refused.Message}", refused);
        }
    }

    /// <summary>What is to be placed on this cluster. [any]</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="graph">What it was made of; tells which Channel is meant where one is pinned.</param>
    /// <param name="policy">How much leaves the host.</param>
    /// <returns>The request.</returns>
    /// <exception cref="InvalidDataException">Something is pinned that is not in the project.</exception>
    public PartitionRequest Request(GlobalPlan plan, AudioGraph graph, DistributionPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(graph);
        return new PartitionRequest
        {
            Graph = plan.ToPartitionGraph(_document.Pins?.ToImmutableDictionary(pin => ChannelOf(graph, pin.Key), pin => IdOf(pin.Value))),
            Nodes = [.. _document.Nodes.Select(NodeOf)],
            Policy = policy,
            Headroom = _document.Headroom,
        };
    }

    private PartitionNode NodeOf(ClusterFileNode node) => new(IdOf(node.Name), node.Workers, node.Role == NodeRole.Host)
    {
        Name = node.Name,
        Speed = node.Speed,
        MemoryBytes = node.MemoryMiB << 20,
        Plugins = node.Plugins?.ToImmutableHashSet(),
        RoundTrip = TimeSpan.FromMilliseconds(node.RoundTripMs),
        Exclusion = node.Excluded ?? (node.Kind == PeerKind.Cloud && !_document.AllowsCloud ? "it is a cloud node, and those are not allowed" : null),
    };

    private string ChannelOf(AudioGraph graph, string channel)
    {
        var found = ChannelNames.Find(graph, channel);
        return found is [var only]
            ? graph.Channels[only].Id
            : throw new InvalidDataException($"{_path}: \"pins\" has a Channel \"{channel}\"; {(found.Length == 0 ? "there is none in the project" : $"{found.Length} are called that, use its id")}.");
    }

    /// <summary>A node has the same id whenever the file is read.</summary>
    private static NodeId IdOf(string name) => new(new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16)));

    private static ClusterFileDocument Checked(ClusterFileDocument? document, string path)
    {
        Require(document?.Version == ClusterFileDocument.CurrentVersion, $"\"version\" is {document?.Version}; this reads {ClusterFileDocument.CurrentVersion}");
        var nodes = document!.Nodes;
        Require(nodes.Length is > 0 and <= MaxNodes, $"\"nodes\" are {nodes.Length}; they are 1 to {MaxNodes}");
        Require(nodes.Count(node => node.Role == NodeRole.Host) == 1, $"{nodes.Count(node => node.Role == NodeRole.Host)} nodes have the role \"host\"; one has it");
        Require(nodes.GroupBy(node => node.Name).FirstOrDefault(same => same.Count() > 1)?.Key is null, $"two nodes have the name \"{nodes.GroupBy(node => node.Name).FirstOrDefault(same => same.Count() > 1)?.Key}\"");
        Require(RequestRules.IsHeadroom(document.Headroom), $"\"headroom\" is {document.Headroom}; it is 0 to {RequestRules.MostHeadroom}");
        foreach (var node in nodes)
        {
            Require(node.Name.Length is > 0 and <= 100, "a node's \"name\" has 1 to 100 characters");
            Require(node.Workers is > 0 and <= 1_024, $"\"workers\" of \"{node.Name}\" is {node.Workers}; it is 1 to 1024");
            Require(RequestRules.IsSpeed(node.Speed), $"\"speed\" of \"{node.Name}\" is {node.Speed}; it is above 0, at most {PartitionNode.MostSpeed}");
            Require(node.MemoryMiB is >= 0 and <= 1 << 30, $"\"memoryMiB\" of \"{node.Name}\" is {node.MemoryMiB}; it is 0 to {1 << 30}");
            Require(node.RoundTripMs is >= 0 and <= 60_000, $"\"roundTripMs\" of \"{node.Name}\" is {node.RoundTripMs}; it is 0 to 60000");
            Require(node.Role != NodeRole.Host || (node.Excluded is null && node.Kind != PeerKind.Cloud), $"\"{node.Name}\" is the host, and can be neither excluded nor in the cloud");
        }

        return document;

        void Require(bool isSo, string otherwise)
        {
            if (!isSo)
            {
                throw new InvalidDataException($"{path}: {otherwise}.");
            }
        }
    }
}
