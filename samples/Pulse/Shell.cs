using Loophole.Cluster;
using Loophole.Cluster.Media;
using Loophole.Cluster.Planning;
using Loophole.DawProject;
using Microsoft.Extensions.Logging;

namespace Loophole.Pulse;

/// <summary>What every command shares: logs, and turning failures into a sentence and an exit code.</summary>
internal static class Shell
{
    public static async Task<int> RunAsync(bool verbose, Func<ILoggerFactory, Task<int>> command)
    {
        using var loggers = LoggerFactory.Create(logging =>
        {
            if (verbose)
            {
                logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Debug);
            }
        });
        try
        {
            return await command(loggers);
        }
        catch (Exception failure) when (failure is DawProjectException or GraphException or MediaException or InvalidDataException or ArgumentException or IOException)
        {
            return await FailAsync(failure.Message, ExitCode.BadInput);
        }
        catch (ClusterException failure)
        {
            return await FailAsync(failure.Message, failure.Error == ClusterError.Output ? ExitCode.BadInput : ExitCode.NobodyLeft);
        }
        catch (OperationCanceledException)
        {
            return await FailAsync("interrupted; nothing was written", ExitCode.Interrupted);
        }
    }

    /// <summary>Reads <c>HOST:PORT,HOST:PORT</c>.</summary>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public static IReadOnlyList<string> Places(string? nodes) => nodes is null ? [] :
    [
        .. nodes.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(node =>
            Uri.TryCreate($"tcp://{node}", UriKind.Absolute, out var endPoint) && endPoint.Port > 0
                ? endPoint.Authority
                : throw new ArgumentException($"--nodes takes HOST:PORT,HOST:PORT…, not \"{node}\".")),
    ];

    private static async Task<int> FailAsync(string message, int code)
    {
        await Console.Error.WriteLineAsync($"pulse: {message}");
        return code;
    }
}
