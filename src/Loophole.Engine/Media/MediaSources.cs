using Loophole.Cluster.Graph;
using Loophole.Cluster.Media;

namespace Loophole.Engine.Media;

/// <summary>The assets of one node: their headers, and the files of those used last. Not thread-safe.</summary>
/// <remarks>At most 32 are open at a time. A node with more opens and closes files as it plays, which allocates a little.</remarks>
internal sealed class MediaSources : IDisposable
{
    private const int MostOpen = 32;

    private readonly IMediaStore _store;
    private readonly string _nodeId;
    private readonly List<Source> _sources = [];
    private readonly Dictionary<MediaId, int> _numbers = [];
    private readonly WavReader _reader = new();
    private int _openCount;
    private long _uses;

    /// <summary>Makes an empty set.</summary>
    /// <param name="store">Where assets are opened; not owned.</param>
    /// <param name="nodeId">For messages.</param>
    public MediaSources(IMediaStore store, string nodeId)
    {
        _store = store;
        _nodeId = nodeId;
    }

    /// <summary>Adds the asset of a region, if it is new, and reads its header.</summary>
    /// <returns>The asset's number.</returns>
    /// <exception cref="MediaException">The asset is missing or broken; the message names node, clip and asset.</exception>
    public int Add(ClipRegion region)
    {
        if (_numbers.TryGetValue(region.Media, out var number))
        {
            return number;
        }

        var source = new Source(region.Media, region.ClipName);
        var content = Open(source);
        try
        {
            source.Header = WavHeaderReader.Read(content, Describe(source));
        }
        catch
        {
            content.Dispose();
            throw;
        }

        Keep(source, content);
        _sources.Add(source);
        return _numbers[region.Media] = _sources.Count - 1;
    }

    /// <summary>The header of an asset.</summary>
    public WavHeader HeaderOf(int number) => _sources[number].Header;

    /// <summary>Decodes frames of an asset; see <see cref="WavReader.Read"/>.</summary>
    public void Read(int number, long startFrame, Span<float> destination, int stride, int frameCount, int audioChannels)
    {
        var source = _sources[number];
        if (source.Content is null)
        {
            Keep(source, Open(source));
        }

        source.LastUse = ++_uses;
        try
        {
            _reader.Read(source.Content!, source.Header, startFrame, destination, stride, frameCount, audioChannels);
        }
        catch (MediaException broken)
        {
            throw Described(source, broken);
        }
    }

    /// <summary>Closes all files.</summary>
    public void Dispose()
    {
        foreach (var source in _sources)
        {
            source.Content?.Dispose();
            source.Content = null;
        }
    }

    private IMediaContent Open(Source source)
    {
        try
        {
            return _store.Open(source.Id);
        }
        catch (MediaException refused)
        {
            throw Described(source, refused);
        }
    }

    private void Keep(Source source, IMediaContent content)
    {
        if (_openCount == MostOpen)
        {
            CloseOldest();
        }

        source.Content = content;
        source.LastUse = ++_uses;
        _openCount++;
    }

    private void CloseOldest()
    {
        Source? oldest = null;
        foreach (var source in _sources)
        {
            if (source.Content is not null && (oldest is null || source.LastUse < oldest.LastUse))
            {
                oldest = source;
            }
        }

        oldest!.Content!.Dispose();
        oldest.Content = null;
        _openCount--;
    }

    private MediaException Described(Source source, MediaException cause) => new(cause.Error, $"{Describe(source)}: {cause.Message}", cause);

    private string Describe(Source source) => $"Node {_nodeId}, clip \"{source.ClipName}\", media {source.Id}";

    private sealed class Source(MediaId id, string clipName)
    {
        public MediaId Id => id;

        public string ClipName => clipName;

        public WavHeader Header { get; set; }

        public IMediaContent? Content { get; set; }

        public long LastUse { get; set; }
    }
}
