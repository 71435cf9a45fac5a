namespace Loophole.Devices.Tests.Contract;

/// <summary>Against a server of its own for each case.</summary>
public abstract class JackContract : AudioDeviceContract
{
    private JackServer? _server;

    protected override async Task<IAudioDevice> OpenAsync(int outputs, int inputs)
    {
        _server ??= await JackServer.StartAsync(BlockFrames);
        return new JackAudioHost().Open(_server.Request(outputs, inputs));
    }

    public override async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            await server.DisposeAsync();
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

[Collection(JackCollection.Name)]
public sealed class JackContract64 : JackContract
{
    protected override int BlockFrames => 64;
}

[Collection(JackCollection.Name)]
public sealed class JackContract1024 : JackContract
{
    protected override int BlockFrames => 1024;
}
