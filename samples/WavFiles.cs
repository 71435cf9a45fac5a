using Loophole.Cluster.Rendering;
using Loophole.Engine;

namespace Loophole.Signal;

/// <summary>Renders go into WAV files.</summary>
internal sealed class WavSinkFactory : IRenderSinkFactory
{
    public IRenderSink Create(string path, int audioChannels, int sampleRate) => new WavWriter(path, audioChannels, sampleRate);
}
