using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Loophole.Cluster;

namespace Loophole.Pulse;

/// <summary>A Signal that Pulse started. Ends with this object, and with this process however that ends.</summary>
internal sealed class SignalProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Task _errors;

    private SignalProcess(Process process, Uri endPoint, Task errors)
    {
        (_process, EndPoint, _errors) = (process, endPoint, errors);
    }

    public Uri EndPoint { get; }

    /// <summary>Starts one and waits until it listens.</summary>
    /// <exception cref="ClusterException">It did not start.</exception>
    public static async Task<SignalProcess> StartAsync(string role, string name, int workers, string cacheFolder, CancellationToken cancellationToken)
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
                "--listen", "127.0.0.1:0", "--insecure-loopback", "--with-parent", "--cache", cacheFolder,
            },
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception refused)
        {
            throw new ClusterException(ClusterError.NodeUnavailable, $"{name} could not be started: {refused.Message}", refused);
        }

        var complaint = new List<string>();
        var errors = DrainAsync(process.StandardError, complaint);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StartDeadline);
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(deadline.Token);
            if (line is not null && line.StartsWith("listening ", StringComparison.Ordinal) && Uri.TryCreate($"tcp://{line["listening ".Length..]}", UriKind.Absolute, out var endPoint))
            {
                return new SignalProcess(process, endPoint, Task.WhenAll(errors, DrainAsync(process.StandardOutput, [])));
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
