using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes.Faults;

/// <summary>Two satellites, each behind a relay.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly SatelliteProcess[] _satellites;
    private readonly Relay[] _relays;

    private Stage(SatelliteProcess[] satellites, Relay[] relays)
    {
        (_satellites, _relays) = (satellites, relays);
    }

    /// <summary>What Pulse is told of them.</summary>
    public string[] Arguments => ["--nodes", string.Join(',', _relays.Select(relay => relay.EndPoint)), "--insecure-loopback", "--lost-after", "1500"];

    public static async Task<Stage> SetAsync(TestFolder folder, params ByteMeter[] meters)
    {
        var satellites = await Task.WhenAll(SatelliteProcess.StartAsync(folder, "first"), SatelliteProcess.StartAsync(folder, "second"));
        return new Stage(satellites, [.. satellites.Select(satellite => new Relay(satellite.EndPoint, meters))]);
    }

    public int Process(int satellite) => _satellites[satellite].Id;

    /// <summary>Where Pulse reaches it: its relay.</summary>
    public string EndPoint(int satellite) => _relays[satellite].EndPoint.ToString();

    public void Befall(int satellite, Fault fault)
    {
        switch (fault)
        {
            case Fault.Kill:
                OperatingSystemProcess.Send(Process(satellite), OperatingSystemProcess.Kill);
                break;
            case Fault.Stop:
                OperatingSystemProcess.Send(Process(satellite), OperatingSystemProcess.Stop);
                break;
            case Fault.Cut:
                _relays[satellite].Cut();
                break;
            case Fault.BlackHole:
                _relays[satellite].BecomeBlackHole();
                break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var satellite in _satellites)
        {
            await satellite.DisposeAsync();
        }

        foreach (var relay in _relays)
        {
            await relay.DisposeAsync();
        }
    }
}
