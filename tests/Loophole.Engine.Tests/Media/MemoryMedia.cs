using System.Security.Cryptography;
using Loophole.Cluster.Media;

namespace Loophole.Engine.Tests.Media;

/// <summary>A media store in memory that counts what is open.</summary>
internal sealed class MemoryMedia : IMediaStore
{
    private readonly Dictionary<MediaId, byte[]> _assets = [];

    public int OpenCount { get; private set; }

    public int MostOpen { get; private set; }

    public MediaId Add(byte[] file)
    {
        var id = MediaId.FromDigest(SHA256.HashData(file));
        _assets[id] = file;
        return id;
    }

    public void Truncate(MediaId id, int length) => _assets[id] = _assets[id][..length];

    public bool Contains(MediaId id) => _assets.ContainsKey(id);

    public IMediaContent Open(MediaId id)
    {
        if (!_assets.ContainsKey(id))
        {
            throw new MediaException(MediaError.NotFound, "It is not here.");
        }

        MostOpen = Math.Max(MostOpen, ++OpenCount);
        return new Content(this, id);
    }

    public ValueTask<MediaId> ImportAsync(Stream content, long length, MediaId? expected, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    private sealed class Content(MemoryMedia store, MediaId id) : IMediaContent
    {
        private int _isClosed;

        public long Length => store._assets[id].Length;

        public int Read(long offset, Span<byte> destination)
        {
            ObjectDisposedException.ThrowIf(_isClosed != 0, this);
            var bytes = store._assets[id];
            ArgumentOutOfRangeException.ThrowIfNegative(offset);
            if (offset >= bytes.Length)
            {
                return 0;
            }

            var source = bytes.AsSpan((int)offset);
            source = source[..Math.Min(source.Length, destination.Length)];
            source.CopyTo(destination);
            return source.Length;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            {
                store.OpenCount--;
            }
        }
    }
}
