using System.Security.Cryptography;
using Loophole.Cluster.Media;

namespace Loophole.Cluster.Tests.Support;

internal sealed class FakeMedia : IMediaStore
{
    private readonly Dictionary<MediaId, byte[]> _assets = [];

    public List<MediaId> Imported { get; } = [];

    public byte Flip { get; set; }

    public MediaId Add(byte[] bytes)
    {
        var id = MediaId.FromDigest(SHA256.HashData(bytes));
        _assets[id] = bytes;
        return id;
    }

    public bool Contains(MediaId id) => _assets.ContainsKey(id);

    public IMediaContent Open(MediaId id) => _assets.TryGetValue(id, out var bytes) ? new Content(bytes, Flip) : throw new MediaException(MediaError.NotFound, $"{id} is not here.");

    public async ValueTask<MediaId> ImportAsync(Stream content, long length, MediaId? expected, CancellationToken cancellationToken = default)
    {
        var bytes = new byte[length];
        await content.ReadExactlyAsync(bytes, cancellationToken);
        if (expected != MediaId.FromDigest(SHA256.HashData(bytes)))
        {
            throw new MediaException(MediaError.Corrupt, "The content has another address.");
        }

        Imported.Add(expected.Value);
        return Add(bytes);
    }

    private sealed class Content(byte[] bytes, byte flip) : IMediaContent
    {
        public long Length => bytes.Length;

        public int Read(long offset, Span<byte> destination)
        {
            var count = (int)Math.Min(destination.Length, bytes.Length - offset);
            bytes.AsSpan((int)offset, count).CopyTo(destination);
            destination[0] ^= flip;
            return count;
        }

        public void Dispose()
        {
        }
    }
}
