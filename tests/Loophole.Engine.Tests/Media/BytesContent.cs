using Loophole.Cluster.Media;

namespace Loophole.Engine.Tests.Media;

/// <summary>Bytes as an open asset; may claim to be longer, with zeros behind, and refuses positions outside.</summary>
internal sealed class BytesContent(byte[] bytes, long? length = null) : IMediaContent
{
    public long Length => length ?? bytes.Length;

    public int Read(long offset, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length);
        var count = (int)Math.Min(destination.Length, Length - offset);
        destination[..count].Clear();
        if (offset < bytes.Length)
        {
            var known = bytes.AsSpan((int)offset);
            known[..Math.Min(known.Length, count)].CopyTo(destination);
        }

        return count;
    }

    public void Dispose()
    {
    }
}
