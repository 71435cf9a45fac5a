using Loophole.Cluster.Audio;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Devices;

/// <summary>What a device calls for every block: the program's side of it.</summary>
public interface IAudioCallback
{
    /// <summary>Takes what came in and makes what goes out, one block. Must not wait, lock, allocate, log or throw; what it throws ends the
    /// device with <see cref="AudioDeviceError.Unknown"/>. [audio thread]</summary>
    /// <param name="input">What the device recorded: <see cref="AudioDeviceFormat.InputChannels"/> audio channels; <c>default</c>, with 0 channels,
    /// when there are none. Valid during the call.</param>
    /// <param name="notes">What the device heard on its MIDI input during this block, in order; their frames are counted in the block, from 0. Empty when there is none
    /// (<see cref="AudioDeviceFormat.HearsNotes"/>). Valid during the call.</param>
    /// <param name="output">What the device will play: <see cref="AudioDeviceFormat.OutputChannels"/> audio channels, as many frames as
    /// <paramref name="input"/>, cleared beforehand; <c>default</c> when there are none. Nominal range −1 to +1. Valid during the call.</param>
    void Process(AudioBuffer input, ReadOnlySpan<MidiMessage> notes, AudioBuffer output);
}
