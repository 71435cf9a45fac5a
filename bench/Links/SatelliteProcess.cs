using System.Diagnostics;
using Loophole.Cluster.Links;
using Loophole.Cluster.Transports;

namespace Loophole.Bench.Links;

/// <summary>A satellite in a process of its own, and the connection to it. Lives through all rounds, so that both ends are compiled.</summary>
internal sealed class SatelliteProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly IClusterTransport _transport;
    private readonly IClusterConnection _connection;

    private SatelliteProcess(Process process, IClusterTransport transport, IClusterConnection connection) =>
        (_process, _transport, _connection) = (process, transport, connection);

    public static async Task<SatelliteProcess> StartAsync(Carrier carrier, WaitStrategy wait)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["satellite", "--carrier", carrier.ToString(), "--wait", wait.ToString()])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        var endPoint = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The satellite did not start.");
        var transport = BenchTransport.Create(carrier, wait);
        return new SatelliteProcess(process, transport, await transport.ConnectAsync(new Uri(endPoint)));
    }

    /// <summary>Opens a link at whose other end a job is done.</summary>
    public async Task<IAudioLink> BeginAsync(Job job)
    {
        await _process.StandardInput.WriteLineAsync(job.ToLine());
        await _process.StandardInput.FlushAsync();
        return await _connection.OpenAudioLinkAsync();
    }

    /// <summary>What the satellite says of the job that is done.</summary>
    public async Task<Outcome> EndAsync() =>
        Outcome.Parse(await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The satellite ended in the middle of a job."));

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _connection.DisposeAsync();
        await _transport.DisposeAsync();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
