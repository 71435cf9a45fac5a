using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Loophole.Cluster;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;

namespace Loophole.Pulse;

/// <summary>A Signal that Pulse started. Ends with this object, and with this process however that ends.</summary>
internal sealed class SignalProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Task _errors;

    private SignalProcess(Process process, IReadOnlyList<Uri> endPoints, Task errors)
    {
        (_process, EndPoints, _errors) = (process, endPoints, errors);
    }

    /// <summary>Where it listens, by each transport it offers.</summary>
    public IReadOnlyList<Uri> EndPoints { get; }

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="role">Host or satellite.</param>
    /// <param name="name">What to call it.</param>
    /// <param name="workers">Its render threads.</param>
    /// <param name="cacheFolder">Where it keeps media.</param>
    /// <param name="transport">What it offers and dials by.</param>
    /// <param name="key">What lets it and this process trust each other; <see langword="null"/> for a plain loopback.</param>
    /// <param name="cancellationToken">Stops the attempt.</param>
    /// <exception cref="ClusterException">It did not start.</exception>
    public static async Task<SignalProcess> StartAsync(string role, string name, int workers, string cacheFolder, TransportChoice transport, JoinKey? key, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(DotnetPath())
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "signal", "Signal.dll"),
                "--role", role, "--name", name, "--workers", $"{workers}",
                "--listen", "127.0.0.1:0", "--transport", $"{transport}", "--with-parent", "--cache", cacheFolder,
            },
        };
        foreach (var argument in key is null ? ["--insecure-loopback"] : new[] { "--ephemeral", "--join-stdin" })
        {
            start.ArgumentList.Add(argument);
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception refused)
        {
            throw new ClusterException(ClusterError.NodeUnavailable, $"{name} could not be started: {refused.Message}", refused);
        }

        await HandOverAsync(process, key);
        var complaint = new List<string>();
        var errors = DrainAsync(process.StandardError, complaint);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StartDeadline);
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(deadline.Token);
            if (line?.Split(' ') is ["listening", .. { Length: > 0 } places])
            {
                return new SignalProcess(process, [.. places.Select(place => new Uri(place))], Task.WhenAll(errors, DrainAsync(process.StandardOutput, [])));
            }

            await errors.WaitAsync(deadline.Token);
            throw new ClusterException(ClusterError.NodeUnavailable, $"{name} ended before it listened: {string.Join(' ', complaint)}");
        }
        catch (Exception failure)
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw failure is OperationCanceledException && !cancellationToken.IsCancellationRequested
                ? new ClusterException(ClusterError.NodeUnavailable, $"{name} did not listen within {StartDeadline.TotalSeconds} s.", failure)
                : failure;
        }
    }

    /// <summary>Closes its standard input, which ends it; kills it when that does not.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            using var deadline = new CancellationTokenSource(EndDeadline);
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        await _errors;
        _process.Dispose();
    }

    /// <summary>Gives the key where nobody else can read it: not in the arguments, not in the environment.</summary>
    private static async Task HandOverAsync(Process process, JoinKey? key)
    {
        if (key is null)
        {
            return;
        }

        try
        {
            await process.StandardInput.WriteLineAsync(key.Reveal());
            await process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It has ended already; why is read from what it said.
        }
    }

    private static async Task DrainAsync(StreamReader reader, List<string> lines)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (lines.Count < 20)
            {
                lines.Add(line);
            }
        }
    }

    /// <summary>The runtime this process runs on; a child must run on the same.</summary>
    private static string DotnetPath()
    {
        var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        return File.Exists(beside) ? beside : "dotnet";
    }
}
