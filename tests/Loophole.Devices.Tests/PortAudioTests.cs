namespace Loophole.Devices.Tests;

/// <summary>What is PortAudio's own, over a real JACK server.</summary>
[Collection(JackCollection.Name)]
public sealed class PortAudioTests : IDisposable
{
    private const string Device = "portaudio:JACK Audio Connection Kit/system";

    private readonly PortAudioHost _host = new();

    public static AudioDeviceRequest Request(int outputs, int inputs)
    {
        if (new PortAudioHost().UnavailableReason is { } reason)
        {
            Needs.Skip(reason);
        }

        return new AudioDeviceRequest { DeviceId = Device, SampleRate = JackServer.SampleRate, BlockFrames = 256, OutputChannels = outputs, InputChannels = inputs };
    }

    public void Dispose() => DefaultServer.Clear();

    [Fact]
    public async Task Devices_are_listed_by_host_api()
    {
        await using var server = await StartAsync();
        _ = Request(2, 0);
        var info = Assert.Single(_host.List(), device => device.Id == Device);
        Assert.Equal((2, 2, 48_000), (info.InputChannels, info.OutputChannels, info.SampleRate));
    }

    [Fact]
    public async Task Output_is_heard_bit_for_bit_by_a_client_of_jack()
    {
        await using var server = await StartAsync();
        var (heard, next) = (new Listener(length: 16 * 256), 1f);
        await using var listener = new JackAudioHost().Open(new AudioDeviceRequest { DeviceId = "jack", OutputChannels = 0, InputChannels = 1, ClientName = "listener" });
        await using var player = _host.Open(Request(2, 0));
        listener.Start(new Callback((input, _) => heard.Take(input.Channel(0))));
        player.Start(new Callback((_, output) =>
        {
            foreach (ref var sample in output.Channel(1))
            {
                sample = next++;
            }
        }));
        var ports = (await server.RunAsync("jack_lsp")).Split('\n');
        var second = Assert.Single(ports, port => port.EndsWith(":out_1", StringComparison.Ordinal));
        await server.RunAsync("jack_disconnect", "system:capture_1", "listener:in_1");
        await server.RunAsync("jack_connect", second, "listener:in_1");
        await heard.HeardAsync();
    }

    [Fact]
    public async Task A_rate_that_the_server_does_not_have_is_refused()
    {
        await using var server = await StartAsync();
        _ = Request(2, 0);
        var refusal = Assert.Throws<AudioDeviceException>(() => _host.Open(new AudioDeviceRequest { DeviceId = Device, SampleRate = 44_100 }));
        Assert.Equal(AudioDeviceError.RateRefused, refusal.Error);
        Assert.Contains("ask for 48000 Hz", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_not_found()
    {
        await using var server = await StartAsync();
        _ = Request(2, 0);
        var refusal = Assert.Throws<AudioDeviceException>(() => _host.Open(new AudioDeviceRequest { DeviceId = "portaudio:ALSA/nothing" }));
        Assert.Equal(AudioDeviceError.NotFound, refusal.Error);
    }

    internal static async Task<JackServer> StartAsync()
    {
        var server = await JackServer.StartAsync(256);
        DefaultServer.Set(server);
        return server;
    }
}
