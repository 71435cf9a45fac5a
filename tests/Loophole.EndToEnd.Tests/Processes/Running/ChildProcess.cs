using System.Diagnostics;
using System.Text;

namespace Loophole.EndToEnd.Tests.Processes.Running;

/// <summary>A .NET program in a process of its own. Its standard input stays open until this is disposed; then it is killed if it still runs.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Transcript _output = new();
    private readonly Transcript _errors = new();
    private readonly Task _reading;

    private ChildProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(_output.ReadAsync(process.StandardOutput), _errors.ReadAsync(process.StandardError));
    }

    public int Id => _process.Id;

    public Transcript Output => _output;

    public Transcript Errors => _errors;

    public static ChildProcess Start(string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(Executables.Dotnet)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add(assembly);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // Signals are compiled to the end when they start, which takes longer than most of these live.
        start.Environment["DOTNET_TieredCompilation"] = "1";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>Writes a line to its standard input, which stays open.</summary>
    public async Task SayAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for its end and for all that it said.</summary>
    public async Task<int> ExitAsync()
    {
        await Deadline.WaitAsync(Task.WhenAll(_process.WaitForExitAsync(), _reading), () => $"process {Id} did not end.{Said()}");
        return _process.ExitCode;
    }

    /// <summary>What it said, for messages.</summary>
    public string Said() => $"{Environment.NewLine}standard output: {_output}{Environment.NewLine}standard error: {_errors}";

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
