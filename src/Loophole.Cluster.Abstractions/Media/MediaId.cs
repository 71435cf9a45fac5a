using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Loophole.Cluster.Media;

/// <summary>Address of a media asset: the SHA-256 of its bytes, as 64 lower-case hexadecimal digits.</summary>
[JsonConverter(typeof(JsonAsString))]
public readonly record struct MediaId
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly string? _hex;

    private MediaId(string hex) => _hex = hex;

    /// <summary>The 64 digits; 64 zeros for <see langword="default"/>. [any]</summary>
    public string Hex => _hex ?? new string('0', 64);

    /// <summary>Makes an address from a digest. [any]</summary>
    /// <param name="sha256">32 bytes.</param>
    /// <returns>The address.</returns>
    /// <exception cref="ArgumentException"><paramref name="sha256"/> does not have 32 bytes.</exception>
    public static MediaId FromDigest(ReadOnlySpan<byte> sha256) => sha256.Length == 32
        ? new MediaId(Convert.ToHexStringLower(sha256))
        : throw new ArgumentException("A SHA-256 digest has 32 bytes.", nameof(sha256));

    /// <summary>Reads an address. [any]</summary>
    /// <param name="text">64 hexadecimal digits, lower case.</param>
    /// <param name="id">The address, when the text is one.</param>
    /// <returns>Whether the text is an address.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out MediaId id)
    {
        var valid = text is { Length: 64 } && !text.AsSpan().ContainsAnyExcept(HexDigits);
        id = valid ? new MediaId(text!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Hex;

    /// <summary>Writes an address as a JSON string.</summary>
    public sealed class JsonAsString : JsonConverter<MediaId>
    {
        /// <inheritdoc/>
        public override MediaId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParse(reader.GetString(), out var id) ? id : throw new JsonException("A media address is 64 lower-case hexadecimal digits.");

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, MediaId value, JsonSerializerOptions options)
        {
            ArgumentNullException.ThrowIfNull(writer);
            writer.WriteStringValue(value.Hex);
        }
    }
}
