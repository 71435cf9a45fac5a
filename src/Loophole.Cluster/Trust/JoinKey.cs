using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Loophole.Cluster.Trust;

/// <summary>A secret that lets two nodes that both have it trust each other: 32 random bytes. Shown only by <see cref="Reveal"/>.</summary>
public sealed class JoinKey
{
    /// <summary>Length of the key in bytes.</summary>
    public const int Length = 32;

    private const string Prefix = "loophole-join-1.";
    private const int MaxFileLength = 1024;
    private const string Shape = "A join key is one line that starts with \"loophole-join-1.\" and has 43 more characters, as \"pulse key new\" writes it";

    private readonly byte[] _secret;

    private JoinKey(byte[] secret) => _secret = secret;

    /// <summary>The key's bytes, for a message authentication code. [any]</summary>
    internal ReadOnlySpan<byte> Secret => _secret;

    /// <summary>Makes a new key. [any]</summary>
    /// <returns>The key.</returns>
    public static JoinKey Create() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>Reads a key. [any]</summary>
    /// <param name="text">What <see cref="Reveal"/> gave; white space around it does not count.</param>
    /// <param name="key">The key, when the text is one.</param>
    /// <returns>Whether the text is a key.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out JoinKey? key)
    {
        key = null;
        var trimmed = (text ?? "").Trim();
        Span<byte> secret = stackalloc byte[Length];
        if (trimmed.StartsWith(Prefix, StringComparison.Ordinal)
            && trimmed.Length == Prefix.Length + Base64Url.GetEncodedLength(Length)
            && Base64Url.IsValid(trimmed.AsSpan(Prefix.Length), out var length) && length == Length
            && Base64Url.TryDecodeFromChars(trimmed.AsSpan(Prefix.Length), secret, out _))
        {
            key = new JoinKey(secret.ToArray());
        }

        return key is not null;
    }

    /// <summary>Reads a key, as from standard input. [any]</summary>
    /// <param name="text">What <see cref="Reveal"/> gave.</param>
    /// <param name="origin">Where it comes from, for the message.</param>
    /// <returns>The key.</returns>
    /// <exception cref="TrustException"><see cref="TrustError.Corrupt"/>: it is none. The message does not show it.</exception>
    public static JoinKey Parse(string? text, string origin) =>
        TryParse(text, out var key) ? key : throw new TrustException(TrustError.Corrupt, $"{origin} holds no join key. {Shape}.");

    /// <summary>Reads a key from a file that only its owner may read. [any]</summary>
    /// <param name="path">The file.</param>
    /// <returns>The key.</returns>
    /// <exception cref="TrustException">It is not there, others may read it, or it holds something else.</exception>
    public static JoinKey ReadFrom(string path)
    {
        var bytes = PrivateFiles.TryRead(path, MaxFileLength) ?? throw new TrustException(TrustError.Unavailable, $"There is no join key at {path}.");
        return Parse(Encoding.UTF8.GetString(bytes), path);
    }

    /// <summary>Writes the key into a new file that only its owner may read. [any]</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <exception cref="TrustException"><see cref="TrustError.Exists"/>: it is there already, and stays as it is; or it cannot be written.</exception>
    public void WriteTo(string path)
    {
        if (!PrivateFiles.TryCreate(Path.GetFullPath(path), Encoding.ASCII.GetBytes(Reveal() + "\n")))
        {
            throw new TrustException(TrustError.Exists, $"{path} exists already; a key is not overwritten.");
        }
    }

    /// <summary>The key as text. Only for a file of its owner's, or a pipe to a process of its owner's. [any]</summary>
    /// <returns>One line without its end.</returns>
    public string Reveal() => Prefix + Base64Url.EncodeToString(_secret);

    /// <summary>Does not show the key.</summary>
    /// <returns>Always the same words.</returns>
    public override string ToString() => "join key (not shown)";
}
