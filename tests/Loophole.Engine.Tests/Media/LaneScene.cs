using Loophole.Cluster.Audio;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Media;

namespace Loophole.Engine.Tests.Media;

/// <summary>One clip player on media in memory, and ways to run it.</summary>
internal sealed class LaneScene(MemoryMedia media, int audioChannels, params ClipRegion[] regions) : IDisposable
{
    public LaneStreamProcessor Processor { get; } = Create(media, audioChannels, regions);

    public static LaneStreamProcessor Create(MemoryMedia media, int audioChannels, params ClipRegion[] regions) =>
        new(new LaneStreamNode { Id = "node:1", Regions = [.. regions] }, new ProcessorContext(48000, audioChannels, 4096, media));

    public void Dispose() => Processor.Dispose();

    /// <summary>Plays a stretch of the project in blocks of the sizes given, over and over; planar.</summary>
    public float[][] Play(long projectFrame, int frames, params int[] blockSizes)
    {
        var samples = new float[audioChannels * frames];
        for (int done = 0, block = 0; done < frames; block++)
        {
            var count = blockSizes.Length == 0 ? frames : Math.Min(blockSizes[block % blockSizes.Length], frames - done);
            Process(projectFrame + done, new AudioBuffer(samples, audioChannels, frames, frames).Slice(done, count));
            done += count;
        }

        return [.. Enumerable.Range(0, audioChannels).Select(c => samples[(c * frames)..((c + 1) * frames)])];
    }

    public void Process(long projectFrame, AudioBuffer audio, bool isPlaying = true) =>
        Processor.Process(new ProcessorBlock { Frame = 0, ProjectFrame = projectFrame, IsPlaying = isPlaying, Audio = audio, Parameters = [] });
}
