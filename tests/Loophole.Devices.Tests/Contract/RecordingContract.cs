namespace Loophole.Devices.Tests.Contract;

public sealed class RecordingContract : AudioDeviceContract
{
    protected override int BlockFrames => 128;

    protected override Task<IAudioDevice> OpenAsync(int outputs, int inputs) => Task.FromResult<IAudioDevice>(new RecordingDevice(
        new NullAudioHost().Open(new AudioDeviceRequest
        {
            DeviceId = "null",
            SampleRate = Rate,
            BlockFrames = BlockFrames,
            OutputChannels = outputs,
            InputChannels = inputs,
        }),
        new MemorySink()));
}
