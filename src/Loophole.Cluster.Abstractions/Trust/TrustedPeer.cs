namespace Loophole.Cluster.Trust;

/// <summary>A peer that a store knows. Immutable.</summary>
public sealed record TrustedPeer
{
    /// <summary>The longest <see cref="Name"/>, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Who it is.</summary>
    public required NodeFingerprint Fingerprint { get; init; }

    /// <summary>What it calls itself: 1 to <see cref="MaxNameLength"/> characters, none of them invisible. Says nothing about identity; two peers may have one name.</summary>
    /// <exception cref="ArgumentException">The value is something else; see <see cref="CleanName"/>.</exception>
    public required string Name
    {
        get;
        init => field = IsName(value) ? value : throw new ArgumentException($"A peer's name has 1 to {MaxNameLength} visible characters.", nameof(value));
    }

    /// <summary>Pending, accepted or revoked.</summary>
    public required PeerState State { get; init; }

    /// <summary>In the local network, or elsewhere.</summary>
    public required PeerKind Kind { get; init; }

    /// <summary>Projects of which it may be sent parts. Held to by the side that deploys.</summary>
    public required ProjectScope Projects { get; init; }

    /// <summary>When it came into this state, by this machine's clock.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Makes a name of whatever a peer calls itself, so that it can neither fill a file nor play with a terminal. [any]</summary>
    /// <param name="text">Anything, or <see langword="null"/>.</param>
    /// <returns>What is left of it: the first characters, the invisible ones replaced by <c>?</c>; <c>?</c> when nothing is.</returns>
    public static string CleanName(string? text)
    {
        var visible = string.Concat((text ?? "").Trim().Take(MaxNameLength).Select(character => IsVisible(character) ? character : '?'));
        return IsName(visible) ? visible : "?";
    }

    private static bool IsName(string? text) => text is { Length: >= 1 and <= MaxNameLength } && !string.IsNullOrWhiteSpace(text) && text.All(IsVisible);

    /// <summary>Printable ASCII, and letters and digits of any script: nothing that turns, hides or combines.</summary>
    private static bool IsVisible(char character) => character is >= ' ' and <= '~' || char.IsLetterOrDigit(character);
}
