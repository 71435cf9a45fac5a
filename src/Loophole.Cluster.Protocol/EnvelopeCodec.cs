using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CommunityToolkit.HighPerformance.Buffers;
using Loophole.Cluster.Control;
using Loophole.Cluster.Protocol.Control;

namespace Loophole.Cluster.Protocol;

/// <summary>Envelopes as bytes: a 32-bit little-endian length, then that many bytes of UTF-8 JSON. See <c>docs/wire-format.md</c>.</summary>
public static class EnvelopeCodec
{
    /// <summary>Largest body that is taken unless said otherwise: 64 MiB.</summary>
    public const int DefaultMaxLength = 64 * 1024 * 1024;

    private const int PrefixLength = sizeof(uint);

    /// <summary>Takes one envelope from the front of a buffer, when all of it is there. [any]</summary>
    /// <param name="buffer">What has arrived; on return, what follows the envelope.</param>
    /// <param name="maxLength">Largest body that is taken, in bytes; 2 or more.</param>
    /// <param name="envelope">The envelope. It keeps no reference to <paramref name="buffer"/>.</param>
    /// <returns><see langword="false"/>, and nothing is taken, when more bytes are needed.</returns>
    /// <exception cref="EnvelopeException">What arrived is not an envelope. When <see cref="EnvelopeException.CanContinue"/> says
    /// so, it has been taken from <paramref name="buffer"/>; otherwise the connection cannot go on.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, int maxLength, [NotNullWhen(true)] out Envelope? envelope)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, EnvelopeRules.MinLength);
        envelope = null;
        if (buffer.Length < PrefixLength)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[PrefixLength];
        buffer.Slice(0, PrefixLength).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        if (length < EnvelopeRules.MinLength || length > (uint)maxLength)
        {
            throw new EnvelopeException(EnvelopeFault.Length, $"The length {length} is not between {EnvelopeRules.MinLength} and {maxLength} bytes.");
        }

        if (buffer.Length - PrefixLength < length)
        {
            return false;
        }

        var body = buffer.Slice(PrefixLength, length);
        buffer = buffer.Slice(body.End);
        envelope = Parse(body);
        return true;
    }

    /// <summary>Writes one envelope. [any]</summary>
    /// <param name="output">Takes the bytes; the caller flushes.</param>
    /// <param name="envelope">The envelope.</param>
    /// <exception cref="ArgumentException">A field is outside its range, or the whole is longer than 64 MiB. Nothing was written.</exception>
    public static void Write(IBufferWriter<byte> output, Envelope envelope)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(envelope);
        Check(envelope);
        using var body = new ArrayPoolBufferWriter<byte>();
        try
        {
            using var json = new Utf8JsonWriter(body, new JsonWriterOptions { MaxDepth = EnvelopeRules.MaxDepth });
            WriteFields(json, envelope);
        }
        catch (InvalidOperationException exception)
        {
            throw new ArgumentException("The payload is nested too deeply, or holds text that is not Unicode.", nameof(envelope), exception);
        }

        if (body.WrittenCount > DefaultMaxLength)
        {
            throw new ArgumentException($"The envelope has {body.WrittenCount} bytes, more than {DefaultMaxLength}.", nameof(envelope));
        }

        BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(PrefixLength), (uint)body.WrittenCount);
        output.Advance(PrefixLength);
        output.Write(body.WrittenSpan);
    }

    private static Envelope Parse(in ReadOnlySequence<byte> body)
    {
        if (body.IsSingleSegment)
        {
            return EnvelopeReader.Read(body.FirstSpan);
        }

        // All of it has arrived, so the length is no longer a peer's promise.
        using var whole = SpanOwner<byte>.Allocate((int)body.Length);
        body.CopyTo(whole.Span);
        return EnvelopeReader.Read(whole.Span);
    }

    private static void Check(Envelope envelope)
    {
        var field =
            envelope.Version != Envelope.CurrentVersion ? "v" :
            !EnvelopeRules.IsId(envelope.Id) ? "id" :
            envelope.CommandId is null ? (envelope.Kind == EnvelopeKind.Response ? "cid" : null) :
            !EnvelopeRules.IsId(envelope.CommandId) ? "cid" : null;
        field ??=
            !Enum.IsDefined(envelope.Origin) ? "origin" :
            !Enum.IsDefined(envelope.Target) ? "target" :
            !EnvelopeRules.IsWord(envelope.Domain) ? "domain" :
            !Enum.IsDefined(envelope.Kind) ? "kind" :
            !EnvelopeRules.IsWord(envelope.Name) ? "name" :
            !Enum.IsDefined(envelope.Priority) ? "priority" :
            envelope.Payload.ValueKind != JsonValueKind.Object ? "payload" :
            (envelope.Error is not null) != (envelope.Kind == EnvelopeKind.Error) ? "error" : null;
        if (field is null && envelope.Error is { } error)
        {
            field = !EnvelopeRules.IsWord(error.Code) ? "error.code"
                : error.Details is { ValueKind: not JsonValueKind.Object } ? "error.details" : null;
        }

        if (field is not null)
        {
            throw new ArgumentException($"Field {field} is outside its range.", nameof(envelope));
        }
    }

    private static void WriteFields(Utf8JsonWriter json, Envelope envelope)
    {
        json.WriteStartObject();
        json.WriteNumber("v"u8, envelope.Version);
        json.WriteString("id"u8, envelope.Id);
        json.WriteString("cid"u8, envelope.CommandId);
        json.WriteString("ts"u8, envelope.Timestamp);
        json.WriteString("origin"u8, EnvelopeWords.Of(envelope.Origin));
        json.WriteString("target"u8, EnvelopeWords.Of(envelope.Target));
        json.WriteString("domain"u8, envelope.Domain);
        json.WriteString("kind"u8, EnvelopeWords.Of(envelope.Kind));
        json.WriteString("name"u8, envelope.Name);
        json.WriteString("priority"u8, EnvelopeWords.Of(envelope.Priority));
        json.WritePropertyName("payload"u8);
        envelope.Payload.WriteTo(json);
        if (envelope.Error is { } error)
        {
            json.WriteStartObject("error"u8);
            json.WriteString("code"u8, error.Code);
            json.WriteString("message"u8, error.Message);
            json.WritePropertyName("details"u8);
            WriteObjectOrNull(json, error.Details);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("error"u8);
        }

        json.WriteEndObject();
    }

    private static void WriteObjectOrNull(Utf8JsonWriter json, JsonElement? element)
    {
        if (element is { } value)
        {
            value.WriteTo(json);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
