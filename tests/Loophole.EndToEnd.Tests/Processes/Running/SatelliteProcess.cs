using System.Net;

namespace Loophole.EndToEnd.Tests.Processes.Running;

/// <summary>A satellite Signal in a process of its own, with an empty cache.</summary>
internal sealed class SatelliteProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private SatelliteProcess(ChildProcess process, Uri[] endPoints)
    {
        (_process, EndPoints) = (process, endPoints);
    }

    public int Id => _process.Id;

    /// <summary>Where it listens, by each transport it offers.</summary>
    public Uri[] EndPoints { get; }

    /// <summary>Where it listens by the first of them.</summary>
    public IPEndPoint EndPoint => IPEndPoint.Parse(EndPoints[0].Authority);

    public Transcript Errors => _process.Errors;

    /// <summary>Starts one on a plain loopback and waits until it listens.</summary>
    public static Task<SatelliteProcess> StartAsync(TestFolder folder, string name, IReadOnlyDictionary<string, string>? environment = null, string role = "satellite", params string[] arguments) =>
        RunAsync(folder, name, environment, role, ["--insecure-loopback", .. arguments]);

    /// <summary>Starts one over TLS, with an identity and a trust store in a folder, and waits until it listens.</summary>
    public static Task<SatelliteProcess> StartTrustedAsync(TestFolder folder, string name, string store, params string[] arguments) =>
        RunAsync(folder, name, null, "satellite", ["--verbose", "--store", store, .. arguments]);

    private static async Task<SatelliteProcess> RunAsync(TestFolder folder, string name, IReadOnlyDictionary<string, string>? environment, string role, string[] arguments)
    {
        var all = new Dictionary<string, string>(folder.Environment);
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>())
        {
            all[variable] = value;
        }

        string[] place = arguments.Contains("--listen") ? [] : ["--listen", "127.0.0.1:0"];
        var process = ChildProcess.Start(
            Executables.Signal,
            ["--role", role, "--name", name, .. place, "--with-parent", "--cache", folder.NewFolder(), .. arguments],
            all);
        try
        {
            var line = await Deadline.WaitAsync(process.Output.LineAsync(_ => true), () => $"{name} did not say where it listens.{process.Said()}");
            Assert.StartsWith("listening ", line, StringComparison.Ordinal);
            return new SatelliteProcess(process, [.. line.Split(' ').Skip(1).Select(endPoint => new Uri(endPoint))]);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
