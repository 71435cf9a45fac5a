namespace Loophole.Devices.Tests.Contract;

/// <summary>Over JACK: the one host API that has a clock on a machine without sound.</summary>
[Collection(JackCollection.Name)]
public sealed class PortAudioContract : AudioDeviceContract
{
    private JackServer? _server;

    protected override int BlockFrames => 256;

    protected override async Task<IAudioDevice> OpenAsync(int outputs, int inputs)
    {
        if (_server is null)
        {
            _server = await JackServer.StartAsync(256);
            DefaultServer.Set(_server);
        }

        return new PortAudioHost().Open(PortAudioTests.Request(outputs, inputs));
    }

    public override async ValueTask DisposeAsync()
    {
        DefaultServer.Clear();
        if (_server is { } server)
        {
            await server.DisposeAsync();
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
