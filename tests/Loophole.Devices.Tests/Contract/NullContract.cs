namespace Loophole.Devices.Tests.Contract;

public sealed class NullContract : AudioDeviceContract
{
    protected override int BlockFrames => 64;

    protected override Task<IAudioDevice> OpenAsync(int outputs, int inputs) => Task.FromResult(new NullAudioHost().Open(new AudioDeviceRequest
    {
        DeviceId = "null",
        SampleRate = Rate,
        BlockFrames = BlockFrames,
        OutputChannels = outputs,
        InputChannels = inputs,
    }));
}
