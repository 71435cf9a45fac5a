namespace Loophole.Cluster.Tcp.Wire;

/// <summary>The first 24 bytes on every socket, from the side that listens. See <c>docs/wire-format.md</c>.</summary>
internal readonly record struct PreambleAnswer(byte Version, Answer Answer, Guid Token)
{
    public const int Size = 24;

    public void Write(Span<byte> destination)
    {
        destination[..Size].Clear();
        Preamble.Magic.CopyTo(destination);
        destination[4] = Version;
        destination[5] = (byte)Answer;
        Token.TryWriteBytes(destination[8..24]);
    }

    /// <summary>Reads an answer.</summary>
    /// <returns><see langword="null"/> when it is not one of this protocol.</returns>
    public static PreambleAnswer? Read(ReadOnlySpan<byte> source) => source.StartsWith(Preamble.Magic)
        ? new PreambleAnswer(source[4], (Answer)source[5], new Guid(source[8..24]))
        : null;
}
