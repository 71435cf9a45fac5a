namespace Loophole.Devices.Tests.Contract;

public sealed class WavContract : AudioDeviceContract
{
    private readonly WavFolder _folder = new();

    protected override int BlockFrames => 64;

    protected override Task<IAudioDevice> OpenAsync(int outputs, int inputs)
    {
        var input = inputs == 0 ? "" : $"?input={_folder.Write("in.wav", Rate, WavFolder.Noise(inputs, Rate))}";
        return Task.FromResult(new WavAudioHost(new WavFiles(), new WavFiles()).Open(new AudioDeviceRequest
        {
            DeviceId = $"wav:{_folder.Path("out.wav")}{input}",
            SampleRate = Rate,
            BlockFrames = BlockFrames,
            OutputChannels = outputs,
            InputChannels = inputs,
        }));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
