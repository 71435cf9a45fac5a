using System.Buffers;
using Loophole.Cluster.Audio;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Media;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Media;

/// <summary>Plays the clips of a track: adds them to the block while project time runs. What it adds to a frame depends on the project frame alone; of a take, on the node-local frame.</summary>
/// <remarks>
/// <para><b>Quality.</b> A copy where source and project frames coincide. Otherwise a Kaiser-windowed sinc of 80 taps, for steps above 1 of 80
/// times the step, to keep aliases out: errors stay below −110 dB of full scale up to 0.45 of the lower of the two rates, and what lies above
/// 0.55 of it is below −115 dB. Between the two, aliases and images fade in. See <see cref="SincTable"/>.</para>
/// <para><b>Memory.</b> One window of 8,192 decoded frames for each region that can sound at once, at most 16; with more, windows are decoded anew for
/// each block: slow, the sound is the same.</para>
/// <para><b>Errors.</b> Unlike other processors, <see cref="Process"/> throws a <see cref="MediaException"/> when an asset can no longer be read.</para>
/// </remarks>
internal sealed class LaneStreamProcessor : IProcessor
{
    private const byte StateVersion = 1;
    private const int ChunkFrames = 512;
    private const int MostWindows = 16;

    private readonly int _audioChannels;
    private readonly bool _isTake;
    private readonly MediaSources _sources;
    private readonly PlayedRegion[] _regions;
    private readonly RegionIndex _index;
    private readonly MediaWindow[] _windows;
    private readonly float[] _resampled;
    private readonly float[] _gains = new float[ChunkFrames];
    private long _uses;

    /// <summary>Opens the assets of a node's regions.</summary>
    /// <param name="node">The node.</param>
    /// <param name="context">What the processor is made for.</param>
    /// <exception cref="MediaException">An asset is missing or broken; the message names node, clip and asset.</exception>
    /// <exception cref="RenderException"><see cref="RenderError.BadParameter"/>: a region's numbers cannot be played; the message names node and clip.</exception>
    public LaneStreamProcessor(LaneStreamNode node, ProcessorContext context)
    {
        foreach (var region in node.Regions)
        {
            PlayedRegion.Check(region, node.Id);
        }

        (_audioChannels, _isTake) = (context.AudioChannels, node.IsTake);
        _sources = new MediaSources(context.Media, node.Id);
        try
        {
            _regions = [.. node.Regions.Select(Prepare)];
        }
        catch
        {
            _sources.Dispose();
            throw;
        }

        _index = new RegionIndex(_regions);
        var widest = _regions.Length == 0 ? 0 : _regions.Max(WidthOf);
        _windows = new MediaWindow[Math.Min(_index.MostAtOnce(), MostWindows)];
        for (var index = 0; index < _windows.Length; index++)
        {
            _windows[index] = new MediaWindow(widest);
        }

        _resampled = new float[widest * ChunkFrames];
    }

    /// <inheritdoc/>
    public void Reset()
    {
    }

    /// <inheritdoc/>
    public void Process(in ProcessorBlock block)
    {
        const long Farthest = 1L << 54;
        var start = _isTake ? block.Frame : block.ProjectFrame;
        if (!(_isTake || block.IsPlaying) || start is < -Farthest or > Farthest)
        {
            return;
        }

        var end = start + block.Audio.FrameCount;
        foreach (var number in _index.Find(start, end))
        {
            var region = _regions[number];
            var last = Math.Min(end, region.EndFrame);
            var most = Math.Min(ChunkFrames, region.FramesWithin(MediaWindow.Frames));
            for (var frame = Math.Max(start, region.StartFrame); frame < last;)
            {
                var count = (int)Math.Min(most, last - frame);
                Play(region, frame, block.Audio.Slice((int)(frame - start), count));
                frame += count;
            }
        }
    }

    /// <inheritdoc/>
    public void Save(IBufferWriter<byte> destination) => destination.Write([StateVersion]);

    /// <inheritdoc/>
    public void Restore(ReadOnlySpan<byte> state)
    {
        if (state is not [StateVersion])
        {
            throw new RenderException(RenderError.BadCheckpoint, $"The state of a clip player is one byte of value {StateVersion}.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _sources.Dispose();

    private PlayedRegion Prepare(ClipRegion region)
    {
        var source = _sources.Add(region);
        return PlayedRegion.From(region, source, _sources.HeaderOf(source).FrameCount);
    }

    /// <summary>Audio channels to decode for a region: a mono Channel hears the average of all, a wider one drops the surplus.</summary>
    private int WidthOf(PlayedRegion region) => Math.Min(_sources.HeaderOf(region.Source).AudioChannels, _audioChannels);

    private void Play(PlayedRegion region, long frame, AudioBuffer audio)
    {
        var width = WidthOf(region);
        var count = audio.FrameCount;
        var first = (long)Math.Floor(region.PositionAt(frame));
        var spanned = (int)((long)Math.Floor(region.PositionAt(frame + count - 1)) - first) + 1;
        MediaWindow window;
        if (region.Table is { } table)
        {
            window = Window(region.Source, first - table.CentreTap, spanned + table.TapCount - 1, width);
            Resample(region, table, frame, window, width, count);
        }
        else
        {
            window = Window(region.Source, first, spanned, width);
        }

        var hasConstantGain = region.HasConstantGain(frame, frame + count);
        if (!hasConstantGain)
        {
            for (var index = 0; index < count; index++)
            {
                _gains[index] = region.GainAt(frame + index);
            }
        }

        for (var channel = 0; channel < (width == 1 ? _audioChannels : width); channel++)
        {
            var from = width == 1 ? 0 : channel;
            var source = region.IsCopy
                ? window.Channel(from).Slice((int)(first - window.StartFrame), count)
                : _resampled.AsSpan(from * ChunkFrames, count);
            if (hasConstantGain)
            {
                Mixing.Add(source, region.GainAt(frame), audio.Channel(channel));
            }
            else
            {
                Mixing.Add(source, _gains, audio.Channel(channel));
            }
        }
    }

    private void Resample(PlayedRegion region, SincTable table, long frame, MediaWindow window, int width, int count)
    {
        for (var index = 0; index < count; index++)
        {
            var position = region.PositionAt(frame + index);
            var whole = Math.Floor(position);
            var phase = (position - whole) * table.PhaseCount;

            // The fraction of a position just below a whole number rounds to 1.
            var row = Math.Min((int)phase, table.PhaseCount - 1);
            var weight = (float)(phase - row);
            var near = table.Row(row);
            var next = table.Row(row + 1);
            var at = (int)((long)whole - table.CentreTap - window.StartFrame);
            var channel = 0;
            for (; channel + 1 < width; channel += 2)
            {
                (_resampled[(channel * ChunkFrames) + index], _resampled[((channel + 1) * ChunkFrames) + index]) = SincResampler.Interpolate(
                    near, next, weight, window.Channel(channel).Slice(at, table.TapCount), window.Channel(channel + 1).Slice(at, table.TapCount));
            }

            if (channel < width)
            {
                _resampled[(channel * ChunkFrames) + index] = SincResampler.Interpolate(near, next, weight, window.Channel(channel).Slice(at, table.TapCount));
            }
        }
    }

    private MediaWindow Window(int source, long startFrame, int frameCount, int width)
    {
        var oldest = _windows[0];
        foreach (var window in _windows)
        {
            if (window.Holds(source, startFrame, frameCount))
            {
                window.LastUse = ++_uses;
                return window;
            }

            oldest = window.LastUse < oldest.LastUse ? window : oldest;
        }

        oldest.Fill(_sources, source, startFrame, width);
        oldest.LastUse = ++_uses;
        return oldest;
    }
}
