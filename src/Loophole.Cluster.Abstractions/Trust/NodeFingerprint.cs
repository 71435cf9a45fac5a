using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Loophole.Cluster.Trust;

/// <summary>Identity of a node across restarts: the SHA-256 of its certificate (DER), as 64 lower-case hexadecimal digits.</summary>
[JsonConverter(typeof(JsonAsString))]
public readonly record struct NodeFingerprint
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly string? _hex;

    private NodeFingerprint(string hex) => _hex = hex;

    /// <summary>The 64 digits; 64 zeros for <see langword="default"/>. [any]</summary>
    public string Hex => _hex ?? new string('0', 64);

    /// <summary>Computes the fingerprint of a certificate. [any]</summary>
    /// <param name="certificate">The certificate in DER.</param>
    /// <returns>Its fingerprint.</returns>
    public static NodeFingerprint Of(ReadOnlySpan<byte> certificate) => new(Convert.ToHexStringLower(SHA256.HashData(certificate)));

    /// <summary>Reads a fingerprint. [any]</summary>
    /// <param name="text">64 hexadecimal digits, lower case.</param>
    /// <param name="fingerprint">The fingerprint, when the text is one.</param>
    /// <returns>Whether the text is a fingerprint.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out NodeFingerprint fingerprint)
    {
        var valid = text is { Length: 64 } && !text.AsSpan().ContainsAnyExcept(HexDigits);
        fingerprint = valid ? new NodeFingerprint(text!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Hex;

    /// <summary>Writes a fingerprint as a JSON string.</summary>
    public sealed class JsonAsString : JsonConverter<NodeFingerprint>
    {
        /// <inheritdoc/>
        public override NodeFingerprint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParse(reader.GetString(), out var fingerprint) ? fingerprint : throw new JsonException("A fingerprint is 64 lower-case hexadecimal digits.");

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, NodeFingerprint value, JsonSerializerOptions options)
        {
            ArgumentNullException.ThrowIfNull(writer);
            writer.WriteStringValue(value.Hex);
        }
    }
}
