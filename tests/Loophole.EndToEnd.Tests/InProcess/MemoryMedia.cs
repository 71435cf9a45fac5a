using System.Security.Cryptography;
using Loophole.Cluster.Media;

namespace Loophole.EndToEnd.Tests.InProcess;

/// <summary>Assets in memory.</summary>
internal sealed class MemoryMedia : IMediaStore
{
    private readonly Dictionary<MediaId, byte[]> _assets = [];

    public bool Contains(MediaId id)
    {
        lock (_assets)
        {
            return _assets.ContainsKey(id);
        }
    }

    public IMediaContent Open(MediaId id)
    {
        lock (_assets)
        {
            return _assets.TryGetValue(id, out var bytes) ? new Content(bytes) : throw new MediaException(MediaError.NotFound, $"{id} is not here.");
        }
    }

    public async ValueTask<MediaId> ImportAsync(Stream content, long length, MediaId? expected, CancellationToken cancellationToken = default)
    {
        var bytes = new byte[length];
        await content.ReadExactlyAsync(bytes, cancellationToken);
        var id = MediaId.FromDigest(SHA256.HashData(bytes));
        if (expected is { } wanted && wanted != id)
        {
            throw new MediaException(MediaError.Corrupt, "The content has another address.");
        }

        lock (_assets)
        {
            _assets[id] = bytes;
        }

        return id;
    }

    private sealed class Content(byte[] bytes) : IMediaContent
    {
        public long Length => bytes.Length;

        public int Read(long offset, Span<byte> destination)
        {
            var count = (int)Math.Min(destination.Length, bytes.Length - offset);
            bytes.AsSpan((int)offset, count).CopyTo(destination);
            return count;
        }

        public void Dispose()
        {
        }
    }
}
