using System.Text.Json;
using System.Text.Unicode;
using Loophole.Cluster.Control;

namespace Loophole.Cluster.Protocol.Control;

/// <summary>Turns the body of an envelope, whole and in one piece, into an <see cref="Envelope"/>.</summary>
internal static class EnvelopeReader
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = EnvelopeRules.MaxDepth, AllowDuplicateProperties = false };

    public static Envelope Read(ReadOnlySpan<byte> body)
    {
        var root = ReadRoot(body);
        if (!TryGetString(root, "id", out var id) || !EnvelopeRules.IsId(id))
        {
            throw new EnvelopeException(EnvelopeFault.BadValue, "Field id is not a string of 1 to 128 characters.");
        }

        try
        {
            return ReadFields(root, id!);
        }
        catch (EnvelopeException refused)
        {
            // The id was readable, so the sender can be told and the connection goes on.
            _ = TryGetString(root, "domain", out var domain);
            _ = TryGetString(root, "name", out var name);
            _ = TryGetString(root, "kind", out var kind);
            throw new EnvelopeException(refused.Fault, refused.Message, refused.InnerException)
            {
                EnvelopeId = id,
                IsAnswerDue = kind is not ("response" or "error" or "event" or "snapshot"),
                Domain = EnvelopeRules.IsWord(domain) ? domain! : "client",
                Name = EnvelopeRules.IsWord(name) ? name! : "envelope",
            };
        }
    }

    private static JsonElement ReadRoot(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            throw new EnvelopeException(EnvelopeFault.NotJson, "The body is not UTF-8.");
        }

        JsonElement root;
        try
        {
            root = JsonElement.Parse(body, Strict);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new EnvelopeException(EnvelopeFault.NotJson, $"The body is not strict JSON: {exception.Message}", exception);
        }

        return root.ValueKind == JsonValueKind.Object
            ? root
            : throw new EnvelopeException(EnvelopeFault.NotJson, "The body is not a JSON object.");
    }

    private static Envelope ReadFields(JsonElement root, string id)
    {
        var version = Field(root, "v");
        if (version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number != Envelope.CurrentVersion)
        {
            throw new EnvelopeException(EnvelopeFault.Version, "Field v is not 1.");
        }

        var kindWord = Text(root, "kind");
        var kind = EnvelopeWords.TryParse(kindWord, out EnvelopeKind k) ? k : throw Unknown("kind");
        var commandId = OptionalText(root, "cid");
        if (commandId is null ? kind == EnvelopeKind.Response : !EnvelopeRules.IsId(commandId))
        {
            throw new EnvelopeException(EnvelopeFault.BadValue, "Field cid is not a string of 1 to 128 characters.");
        }

        var payload = Field(root, "payload");
        if (payload.ValueKind != JsonValueKind.Object)
        {
            throw new EnvelopeException(EnvelopeFault.WrongType, "Field payload is not an object.");
        }

        var error = ReadError(root);
        if ((error is not null) != (kind == EnvelopeKind.Error))
        {
            throw new EnvelopeException(EnvelopeFault.BadValue, "Field error is not there exactly when kind is error.");
        }

        return new Envelope
        {
            Id = id,
            CommandId = commandId,
            Timestamp = ReadTimestamp(root),
            Origin = EnvelopeWords.TryParse(Text(root, "origin"), out Party origin) ? origin : throw Unknown("origin"),
            Target = EnvelopeWords.TryParse(Text(root, "target"), out Party target) ? target : throw Unknown("target"),
            Domain = Word(root, "domain"),
            Kind = kind,
            Name = Word(root, "name"),
            Priority = EnvelopeWords.TryParse(Text(root, "priority"), out EnvelopePriority priority) ? priority : throw Unknown("priority"),
            Payload = payload,
            Error = error,
        };
    }

    private static DateTimeOffset ReadTimestamp(JsonElement root)
    {
        var field = Field(root, "ts");
        return field.ValueKind == JsonValueKind.String && field.TryGetDateTimeOffset(out var timestamp)
            ? timestamp
            : throw new EnvelopeException(EnvelopeFault.BadValue, "Field ts is not an ISO 8601 time.");
    }

    private static EnvelopeError? ReadError(JsonElement root)
    {
        if (!root.TryGetProperty("error", out var error) || error.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (error.ValueKind != JsonValueKind.Object)
        {
            throw new EnvelopeException(EnvelopeFault.WrongType, "Field error is not an object.");
        }

        JsonElement? details = error.TryGetProperty("details", out var found) && found.ValueKind != JsonValueKind.Null ? found : null;
        return details is { ValueKind: not JsonValueKind.Object }
            ? throw new EnvelopeException(EnvelopeFault.WrongType, "Field error.details is not an object.")
            : new EnvelopeError(Word(error, "code"), Text(error, "message"), details);
    }

    private static JsonElement Field(JsonElement parent, string name) => parent.TryGetProperty(name, out var field)
        ? field
        : throw new EnvelopeException(EnvelopeFault.MissingField, $"Field {name} is missing.");

    private static string Text(JsonElement parent, string name)
    {
        _ = Field(parent, name);
        return TryGetString(parent, name, out var text) ? text! : throw new EnvelopeException(EnvelopeFault.WrongType, $"Field {name} is not a string.");
    }

    private static string? OptionalText(JsonElement parent, string name) =>
        !parent.TryGetProperty(name, out var field) || field.ValueKind == JsonValueKind.Null ? null : Text(parent, name);

    private static string Word(JsonElement parent, string name)
    {
        var text = Text(parent, name);
        return EnvelopeRules.IsWord(text)
            ? text
            : throw new EnvelopeException(EnvelopeFault.BadValue, $"Field {name} is not a lower camel case word of 1 to 64 characters.");
    }

    private static EnvelopeException Unknown(string field) => new(EnvelopeFault.UnknownWord, $"Field {field} is a word that version 1 does not know.");

    private static bool TryGetString(JsonElement parent, string name, out string? text)
    {
        text = null;
        if (!parent.TryGetProperty(name, out var field) || field.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        try
        {
            text = field.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            // An escape that is half a surrogate pair: well-formed JSON, but no text.
            return false;
        }
    }
}
