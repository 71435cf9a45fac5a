using System.Security.Cryptography;
using Loophole.Cluster.Media;

namespace Loophole.DawProject.Tests.Support;

/// <summary>A media store in memory that counts what is imported.</summary>
internal sealed class MemoryMediaStore : IMediaStore
{
    private readonly Dictionary<MediaId, byte[]> _assets = [];

    public int Imports { get; private set; }

    public bool Contains(MediaId id) => _assets.ContainsKey(id);

    public IMediaContent Open(MediaId id) => new Content(_assets[id]);

    public async ValueTask<MediaId> ImportAsync(Stream content, long length, MediaId? expected, CancellationToken cancellationToken = default)
    {
        var bytes = new byte[length];
        try
        {
            await content.ReadExactlyAsync(bytes, cancellationToken);
        }
        catch (EndOfStreamException exception)
        {
            throw new MediaException(MediaError.Corrupt, "The content ends early.", exception);
        }

        Imports++;
        var id = MediaId.FromDigest(SHA256.HashData(bytes));
        _assets[id] = bytes;
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
