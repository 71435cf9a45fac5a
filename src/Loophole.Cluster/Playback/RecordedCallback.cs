using Loophole.Cluster.Audio;
using Loophole.Cluster.Devices;

namespace Loophole.Cluster.Playback;

/// <summary>Calls a callback, and records what it puts out.</summary>
/// <param name="callback">What is recorded.</param>
/// <param name="recording">As wide as the device.</param>
internal sealed class RecordedCallback(IAudioCallback callback, Recording recording) : IAudioCallback
{
    /// <inheritdoc/>
    public void Process(AudioBuffer input, AudioBuffer output)
    {
        callback.Process(input, output);
        recording.Write(output);
    }
}
