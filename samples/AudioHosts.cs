using Loophole.Cluster.Devices;
using Loophole.Devices;

namespace Loophole.Samples;

/// <summary>The kinds of audio devices that Pulse knows of and Signal plays on, the preferred first.</summary>
internal static class AudioHosts
{
    public static IReadOnlyList<IAudioDeviceHost> Open()
    {
        var files = new WavFiles();
        return [new JackAudioHost(), new PortAudioHost(), new NullAudioHost(), new WavAudioHost(files, files)];
    }
}
