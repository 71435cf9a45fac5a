namespace Loophole.Engine.Media;

/// <summary>A decoded stretch of one asset. Frames before and after the asset are zeros.</summary>
internal sealed class MediaWindow
{
    /// <summary>Frames in a window: room for the widest kernel and a good deal more.</summary>
    public const int Frames = 8192;

    private readonly float[] _samples;

    /// <summary>Makes an empty window.</summary>
    /// <param name="audioChannels">The most audio channels it will hold.</param>
    public MediaWindow(int audioChannels) => _samples = new float[audioChannels * Frames];

    /// <summary>Number of the asset, −1 for none.</summary>
    public int Source { get; private set; } = -1;

    /// <summary>Source frame of the first sample.</summary>
    public long StartFrame { get; private set; }

    /// <summary>When it was used last, on a counter.</summary>
    public long LastUse { get; set; }

    /// <summary>All <see cref="Frames"/> samples of an audio channel.</summary>
    public ReadOnlySpan<float> Channel(int audioChannel) => _samples.AsSpan(audioChannel * Frames, Frames);

    /// <summary>Whether frames of an asset are all in here.</summary>
    public bool Holds(int source, long startFrame, int frameCount) =>
        Source == source && startFrame >= StartFrame && startFrame + frameCount <= StartFrame + Frames;

    /// <summary>Decodes another stretch.</summary>
    /// <param name="sources">Where assets are read.</param>
    /// <param name="source">Number of the asset.</param>
    /// <param name="startFrame">First frame; may be negative.</param>
    /// <param name="audioChannels">Audio channels to decode.</param>
    public void Fill(MediaSources sources, int source, long startFrame, int audioChannels)
    {
        // Holds nothing if reading fails half-way.
        Source = -1;
        var first = Math.Clamp(0, startFrame, startFrame + Frames);
        var last = Math.Clamp(sources.HeaderOf(source).FrameCount, first, startFrame + Frames);
        var before = (int)(first - startFrame);
        var count = (int)(last - first);
        for (var channel = 0; channel < audioChannels; channel++)
        {
            var samples = _samples.AsSpan(channel * Frames, Frames);
            samples[..before].Clear();
            samples[(before + count)..].Clear();
        }

        sources.Read(source, first, _samples.AsSpan(before), Frames, count, audioChannels);
        Source = source;
        StartFrame = startFrame;
    }
}
