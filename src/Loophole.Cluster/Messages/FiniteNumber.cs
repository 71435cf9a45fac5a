using System.Text.Json;
using System.Text.Json.Serialization;

namespace Loophole.Cluster.Messages;

/// <summary>Reads numbers that fit: the parser makes infinity of <c>1e999</c>.</summary>
internal sealed class FiniteNumber : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDouble() is var value && double.IsFinite(value) ? value : throw new JsonException("A number is too large.");

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
