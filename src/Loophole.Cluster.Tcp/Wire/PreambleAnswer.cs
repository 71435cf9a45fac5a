namespace Loophole.Cluster.Tcp.Wire;

/// <summary>The first 8 bytes on every socket, from the side that listens; a <see cref="ConnectionKey"/> follows on an accepted control socket.
/// See <c>docs/wire-format.md</c>.</summary>
internal readonly record struct PreambleAnswer(byte Version, Answer Answer)
{
    public const int Size = 8;

    public void Write(Span<byte> destination)
    {
        destination[..Size].Clear();
        Preamble.Magic.CopyTo(destination);
        destination[4] = Version;
        destination[5] = (byte)Answer;
    }

    /// <summary>Reads an answer.</summary>
    /// <returns><see langword="null"/> when it is not one of this protocol.</returns>
    public static PreambleAnswer? Read(ReadOnlySpan<byte> source) => source.StartsWith(Preamble.Magic)
        ? new PreambleAnswer(source[4], (Answer)source[5])
        : null;
}
