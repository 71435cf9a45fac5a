namespace Loophole.Pulse;

/// <summary>The Signals that Pulse starts for one render on this machine.</summary>
internal sealed class SignalCrew : IAsyncDisposable
{
    private readonly List<SignalProcess> _processes = [];
    private readonly List<string> _folders = [];

    public IEnumerable<Uri> EndPoints => _processes.Select(process => process.EndPoint);

    /// <summary>Starts the host, which shares Pulse's media folder.</summary>
    public async Task StartHostAsync(string mediaFolder, int workers, CancellationToken cancellationToken) =>
        _processes.Add(await SignalProcess.StartAsync("host", "host", workers, mediaFolder, cancellationToken));

    /// <summary>Starts satellites; each keeps media in a folder of its own, as on another machine.</summary>
    public async Task StartSatellitesAsync(int count, int workers, CancellationToken cancellationToken)
    {
        for (var satellite = 1; satellite <= count; satellite++)
        {
            var folder = Directory.CreateTempSubdirectory("loophole-satellite-").FullName;
            _folders.Add(folder);
            _processes.Add(await SignalProcess.StartAsync("satellite", $"satellite {satellite}", workers, folder, cancellationToken));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_processes.Select(process => process.DisposeAsync().AsTask()));
        foreach (var folder in _folders)
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
