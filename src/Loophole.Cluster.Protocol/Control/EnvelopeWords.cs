using System.Diagnostics.CodeAnalysis;
using Loophole.Cluster.Control;

namespace Loophole.Cluster.Protocol.Control;

/// <summary>The words that stand on the wire for the enums of an envelope.</summary>
internal static class EnvelopeWords
{
    private static readonly string[] Parties = ["aura", "pulse", "signal", "composer"];
    private static readonly string[] Kinds = ["command", "response", "event", "snapshot", "error"];
    private static readonly string[] Priorities = ["realtime", "high", "normal", "low"];

    public static string Of(Party party) => Parties[(int)party];

    public static string Of(EnvelopeKind kind) => Kinds[(int)kind];

    public static string Of(EnvelopePriority priority) => Priorities[(int)priority];

    public static bool TryParse(string word, out Party party) => TryFind(Parties, word, out party);

    public static bool TryParse(string word, out EnvelopeKind kind) => TryFind(Kinds, word, out kind);

    public static bool TryParse(string word, out EnvelopePriority priority) => TryFind(Priorities, word, out priority);

    [SuppressMessage("Usage", "CA2263:Prefer generic overload", Justification = "There is none that takes an index.")]
    private static bool TryFind<T>(string[] words, string word, out T value)
        where T : struct, Enum
    {
        var index = Array.IndexOf(words, word);
        value = index < 0 ? default : (T)Enum.ToObject(typeof(T), index);
        return index >= 0;
    }
}
