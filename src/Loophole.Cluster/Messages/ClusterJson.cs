using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Loophole.Cluster.Endpoint;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Settings;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Messages;

/// <summary>How payloads look as JSON: generated at build time, strict about types and required members.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(FiniteNumber)],
    DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(IntroduceCommand))]
[JsonSerializable(typeof(IntroduceAnswer))]
[JsonSerializable(typeof(PairNonce))]
[JsonSerializable(typeof(PairProof))]
[JsonSerializable(typeof(HelloCommand))]
[JsonSerializable(typeof(NodeDescription))]
[JsonSerializable(typeof(MediaQuery))]
[JsonSerializable(typeof(ExpectHostCommand))]
[JsonSerializable(typeof(DeployCommand))]
[JsonSerializable(typeof(DeployLiveCommand))]
[JsonSerializable(typeof(WithdrawCommand))]
[JsonSerializable(typeof(EventsCommand))]
[JsonSerializable(typeof(TelemetryReport))]
[JsonSerializable(typeof(LinksReport))]
[JsonSerializable(typeof(SubgraphFailed))]
[JsonSerializable(typeof(ConnectNodeCommand))]
[JsonSerializable(typeof(NodeConnected))]
[JsonSerializable(typeof(StartCommand))]
[JsonSerializable(typeof(DropNodeCommand))]
[JsonSerializable(typeof(CheckpointList))]
[JsonSerializable(typeof(MoveCommand))]
[JsonSerializable(typeof(CutCommand))]
[JsonSerializable(typeof(CutMade))]
[JsonSerializable(typeof(ReviseCommand))]
[JsonSerializable(typeof(TurnCommand))]
[JsonSerializable(typeof(ReleaseCommand))]
[JsonSerializable(typeof(TurnBegun))]
[JsonSerializable(typeof(GapHeard))]
[JsonSerializable(typeof(Turned))]
[JsonSerializable(typeof(PlaceCommand))]
[JsonSerializable(typeof(RetireCommand))]
[JsonSerializable(typeof(RenderingProgress))]
[JsonSerializable(typeof(RenderingFinished))]
[JsonSerializable(typeof(PlayCommand))]
[JsonSerializable(typeof(PlayStarted))]
[JsonSerializable(typeof(PlayPosition))]
[JsonSerializable(typeof(PlayEnded))]
[JsonSerializable(typeof(RenderingFailed))]
[JsonSerializable(typeof(NodeFailed))]
[JsonSerializable(typeof(ClientHello))]
[JsonSerializable(typeof(ClusterStatus))]
[JsonSerializable(typeof(SettingsChange))]
[JsonSerializable(typeof(NodeChoice))]
[JsonSerializable(typeof(TransportState))]
[JsonSerializable(typeof(SeekCommand))]
[JsonSerializable(typeof(Empty))]
[JsonSerializable(typeof(RenderEvent))]
internal sealed partial class ClusterJson : JsonSerializerContext
{
    /// <summary>Writes a payload.</summary>
    public static JsonElement ToElement<T>(T payload) => JsonSerializer.SerializeToElement(payload, (JsonTypeInfo<T>)Whole.Options.GetTypeInfo(typeof(T)));

    /// <summary>Reads a payload.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static T FromElement<T>(JsonElement payload) =>
        payload.Deserialize((JsonTypeInfo<T>)Whole.Options.GetTypeInfo(typeof(T))) ?? throw new JsonException("The payload is null.");

    /// <summary>What is written whole is read whole: generated code forgets the initial value of a member that is missing, and a list would not even be empty.</summary>
    private static class Whole
    {
        public static JsonSerializerOptions Options { get; } = new(Default.Options) { TypeInfoResolver = Default.WithAddedModifier(RequireAll) };

        private static void RequireAll(JsonTypeInfo type)
        {
            if (type.Kind == JsonTypeInfoKind.Object)
            {
                foreach (var property in type.Properties)
                {
                    property.IsRequired |= property.Set is not null;
                }
            }
        }
    }
}
