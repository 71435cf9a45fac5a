using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;

namespace Loophole.Pulse;

/// <summary>The Signals that Pulse starts for one render on this machine.</summary>
/// <param name="key">What they are let join with; <see langword="null"/> for a plain loopback.</param>
/// <param name="transport">What they offer and dial by.</param>
internal sealed class SignalCrew(JoinKey? key, TransportChoice transport) : IAsyncDisposable
{
    private readonly List<SignalProcess> _processes = [];
    private readonly List<string> _folders = [];

    /// <summary>Where each of them listens.</summary>
    public IEnumerable<IReadOnlyList<Uri>> EndPoints => _processes.Select(process => process.EndPoints);

    /// <summary>Starts the host, which shares Pulse's media folder.</summary>
    public async Task StartHostAsync(string mediaFolder, int workers, CancellationToken cancellationToken) =>
        _processes.Add(await SignalProcess.StartAsync("host", "host", workers, mediaFolder, transport, key, cancellationToken));

    /// <summary>Starts satellites; each keeps media in a folder of its own, as on another machine.</summary>
    public async Task StartSatellitesAsync(int count, int workers, CancellationToken cancellationToken)
    {
        for (var satellite = 1; satellite <= count; satellite++)
        {
            var folder = Directory.CreateTempSubdirectory("loophole-satellite-").FullName;
            _folders.Add(folder);
            _processes.Add(await SignalProcess.StartAsync("satellite", $"satellite {satellite}", workers, folder, transport, key, cancellationToken));
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
