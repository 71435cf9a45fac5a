namespace Loophole.EndToEnd.Tests.Processes.Running;

/// <summary>Pulse in a process of its own.</summary>
internal sealed class PulseProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private PulseProcess(ChildProcess process) => _process = process;

    public int Id => _process.Id;

    public Transcript Output => _process.Output;

    public Transcript Errors => _process.Errors;

    public static PulseProcess Start(TestFolder folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var all = new Dictionary<string, string>(folder.Environment);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            all[name] = value;
        }

        return new PulseProcess(ChildProcess.Start(Executables.Pulse, arguments, all));
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<PulseOutcome> RunAsync(TestFolder folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var pulse = Start(folder, arguments, environment);
        return await pulse.EndAsync();
    }

    /// <summary>Renders into a file of its own and expects success.</summary>
    public static async Task<RenderOutcome> RenderAsync(TestFolder folder, string project, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var output = folder.NewOutput();
        var outcome = await RunAsync(folder, ["render", project, "--out", output, "--json", .. arguments], environment);
        return RenderOutcome.Read(outcome, output);
    }

    public async Task<PulseOutcome> EndAsync()
    {
        var code = await _process.ExitAsync();
        return new PulseOutcome(code, _process.Output.ToString(), _process.Errors.ToString());
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
