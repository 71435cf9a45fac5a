using System.Text.Json;

namespace Loophole.Cluster.Protocol.Control;

/// <summary>What a field of an envelope may hold, for reading and writing alike.</summary>
internal static class EnvelopeRules
{
    public const int MaxIdLength = 128;
    public const int MaxWordLength = 64;
    public const int MaxDepth = 64;
    public const int MinLength = 2;

    public static bool IsId(string? text) => text is { Length: >= 1 and <= MaxIdLength };

    public static bool IsWord(string? text)
    {
        if (text is not { Length: >= 1 and <= MaxWordLength } || !char.IsAsciiLetterLower(text[0]))
        {
            return false;
        }

        foreach (var character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character))
            {
                return false;
            }
        }

        return true;
    }

    public static void ThrowIfNotWord(string word, string parameter)
    {
        if (!IsWord(word))
        {
            throw new ArgumentException("Must be a lower camel case word of 1 to 64 ASCII letters and digits.", parameter);
        }
    }

    public static void ThrowIfNotObject(JsonElement? element, string parameter)
    {
        if (element is { ValueKind: not JsonValueKind.Object })
        {
            throw new ArgumentException("Must be a JSON object.", parameter);
        }
    }
}
