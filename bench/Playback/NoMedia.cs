using Loophole.Cluster.Media;

namespace Loophole.Bench.Playback;

/// <summary>A store for projects without media.</summary>
internal sealed class NoMedia : IMediaStore
{
    public bool Contains(MediaId id) => false;

    public IMediaContent Open(MediaId id) => throw new MediaException(MediaError.NotFound, $"{id} is not here.");

    public ValueTask<MediaId> ImportAsync(Stream content, long length, MediaId? expected, CancellationToken cancellationToken = default) =>
        throw new MediaException(MediaError.NotFound, "Nothing is kept here.");
}
