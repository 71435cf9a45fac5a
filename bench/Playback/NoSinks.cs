using Loophole.Cluster.Rendering;

namespace Loophole.Bench.Playback;

/// <summary>For Signals that write no file.</summary>
internal sealed class NoSinks : IRenderSinkFactory
{
    public IRenderSink Create(string path, int audioChannels, int sampleRate) => throw new IOException("Nothing is written here.");
}
