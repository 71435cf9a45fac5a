using Loophole.Cluster.Audio;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Playback;

/// <summary>Calls a callback, and records what it puts out.</summary>
/// <param name="callback">What is recorded.</param>
/// <param name="recording">As wide as the device.</param>
internal sealed class RecordedCallback(IAudioCallback callback, Recording recording) : IAudioCallback
{
    /// <inheritdoc/>
    public void Process(AudioBuffer input, ReadOnlySpan<MidiMessage> notes, AudioBuffer output)
    {
        callback.Process(input, notes, output);
        recording.Write(output);
    }
}
