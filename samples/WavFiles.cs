using Loophole.Cluster.Media;
using Loophole.Cluster.Rendering;
using Loophole.Engine;

namespace Loophole.Samples;

/// <summary>What is rendered or played goes into WAV files, and what is recorded comes out of them.</summary>
internal sealed class WavFiles : IRenderSinkFactory, ISampleSourceFactory
{
    public IRenderSink Create(string path, int audioChannels, int sampleRate) => new WavWriter(path, audioChannels, sampleRate);

    public ISampleSource Open(string path) => new WavSource(path);
}
