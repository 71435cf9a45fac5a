using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Messages;

/// <summary>How payloads look as JSON: generated at build time, strict about types and required members.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(HelloCommand))]
[JsonSerializable(typeof(NodeDescription))]
[JsonSerializable(typeof(MediaQuery))]
[JsonSerializable(typeof(ExpectHostCommand))]
[JsonSerializable(typeof(DeployCommand))]
[JsonSerializable(typeof(WithdrawCommand))]
[JsonSerializable(typeof(EventsCommand))]
[JsonSerializable(typeof(TelemetryReport))]
[JsonSerializable(typeof(SubgraphFailed))]
[JsonSerializable(typeof(ConnectNodeCommand))]
[JsonSerializable(typeof(StartCommand))]
[JsonSerializable(typeof(DropNodeCommand))]
[JsonSerializable(typeof(CheckpointList))]
[JsonSerializable(typeof(MoveCommand))]
[JsonSerializable(typeof(RenderingProgress))]
[JsonSerializable(typeof(RenderingFinished))]
[JsonSerializable(typeof(RenderingFailed))]
[JsonSerializable(typeof(NodeFailed))]
[JsonSerializable(typeof(Empty))]
[JsonSerializable(typeof(RenderEvent))]
internal sealed partial class ClusterJson : JsonSerializerContext
{
    /// <summary>Writes a payload.</summary>
    public static JsonElement ToElement<T>(T payload) => JsonSerializer.SerializeToElement(payload, (JsonTypeInfo<T>)Default.GetTypeInfo(typeof(T))!);

    /// <summary>Reads a payload.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static T FromElement<T>(JsonElement payload) =>
        payload.Deserialize((JsonTypeInfo<T>)Default.GetTypeInfo(typeof(T))!) ?? throw new JsonException("The payload is null.");
}
