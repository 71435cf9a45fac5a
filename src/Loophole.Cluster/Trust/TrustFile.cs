using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Loophole.Cluster.Trust;

/// <summary>How a trust store looks as a file: one JSON object, strict, so that a slip of the hand is told and not guessed at.</summary>
internal static class TrustFile
{
    /// <summary>The most that is read: some ten thousand peers.</summary>
    public const int MaxLength = 4 << 20;

    private const int CurrentFormat = 1;

    public static byte[] Write(TrustSnapshot snapshot)
    {
        var document = new TrustDocument(CurrentFormat, snapshot.Version, snapshot.Rules.Join, snapshot.Rules.AllowsCloud, snapshot.Rules.Projects, snapshot.Peers);
        return JsonSerializer.SerializeToUtf8Bytes(document, TrustJson.Default.TrustDocument);
    }

    /// <exception cref="TrustException">It is no store.</exception>
    public static TrustSnapshot Read(string path, ReadOnlySpan<byte> bytes)
    {
        TrustDocument document;
        try
        {
            document = JsonSerializer.Deserialize(bytes, TrustJson.Default.TrustDocument) ?? throw new JsonException("It is null.");
        }
        catch (Exception malformed) when (malformed is JsonException or ArgumentException)
        {
            throw Corrupt(path, malformed.Message, malformed);
        }

        var fault = document.Format != CurrentFormat ? $"its format is {document.Format}, not {CurrentFormat}"
            : document.Version < 0 ? "its version is negative"
            : !Enum.IsDefined(document.Join) ? "its join rule is none"
            : document.Peers.Any(peer => peer is null || !Enum.IsDefined(peer.State) || !Enum.IsDefined(peer.Kind)) ? "a peer's state or kind is none"
            : document.Peers.DistinctBy(peer => peer.Fingerprint).Count() != document.Peers.Length ? "it has a fingerprint twice"
            : null;
        return fault is not null ? throw Corrupt(path, fault, null) : new TrustSnapshot
        {
            Version = document.Version,
            Rules = new TrustRules { Join = document.Join, AllowsCloud = document.AllowsCloud, Projects = document.Projects },
            Peers = document.Peers,
        };
    }

    private static TrustException Corrupt(string path, string fault, Exception? cause) =>
        new(TrustError.Corrupt, $"The trust store {path} cannot be read: {fault}. It is left as it is; mend it, or take it away to trust nobody.", cause);
}

/// <summary>The one object in the file.</summary>
internal sealed record TrustDocument(int Format, long Version, JoinRule Join, bool AllowsCloud, ProjectScope Projects, ImmutableArray<TrustedPeer> Peers);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(TrustDocument))]
internal sealed partial class TrustJson : JsonSerializerContext;
