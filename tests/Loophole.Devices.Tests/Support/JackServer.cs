using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Loophole.Devices.Tests.Support;

/// <summary>A JACK server of the test's own, without hardware, at the pace of the clock.</summary>
internal sealed partial class JackServer : IAsyncDisposable
{
    public const int SampleRate = 48_000;

    private const int SignalTerminate = 15;
    private const int SignalContinue = 18;
    private const int SignalStop = 19;

    private static int _number;

    private readonly Process _process;
    private bool _isKilled;

    private JackServer(string name, int blockFrames, Process process)
    {
        Name = name;
        BlockFrames = blockFrames;
        _process = process;
    }

    public string Name { get; }

    public int BlockFrames { get; }

    public string DeviceId => $"jack:{Name}";

    /// <param name="blockFrames">Frames of a block.</param>
    /// <param name="isRealTime">Whether its threads, and its clients', ask the system for real time.</param>
    public static Task<JackServer> StartAsync(int blockFrames, bool isRealTime = false) =>
        StartAsync($"test{Environment.ProcessId}-{Interlocked.Increment(ref _number)}", blockFrames, isRealTime);

    private static async Task<JackServer> StartAsync(string name, int blockFrames, bool isRealTime)
    {
        if (!Directory.Exists("/dev/shm"))
        {
            Needs.Skip("JACK's servers need /dev/shm.");
        }

        string[] arguments =
        [
            isRealTime ? "--realtime" : "--no-realtime", "--no-mlock", "--name", name, "-d", "dummy", "--rate", SampleRate.ToString(CultureInfo.InvariantCulture), "--period", blockFrames.ToString(CultureInfo.InvariantCulture),
        ];
        var server = new JackServer(name, blockFrames, Needs.Start("jackd", new Dictionary<string, string>(), arguments));
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        try
        {
            // Looks every second, and gives up by itself.
            await server.RunAsync("jack_wait", "--server", name, "--wait", "--timeout", "30");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public AudioDeviceRequest Request(int outputs = 2, int inputs = 0, bool hearsNotes = false) =>
        new() { HearsNotes = hearsNotes, DeviceId = DeviceId, SampleRate = SampleRate, BlockFrames = BlockFrames, OutputChannels = outputs, InputChannels = inputs, ClientName = "client" };

    /// <summary>Runs one of JACK's tools on this server and expects success.</summary>
    public async Task<string> RunAsync(string tool, params IEnumerable<string> arguments)
    {
        using var process = Needs.Start(tool, new Dictionary<string, string> { ["JACK_DEFAULT_SERVER"] = Name }, arguments);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await Deadline.WaitAsync(process.WaitForExitAsync(TestContext.Current.CancellationToken), $"the end of {tool} {string.Join(' ', arguments)}");
        Assert.True(process.ExitCode == 0, $"{tool} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output}{await errors}");
        return await output;
    }

    /// <summary>Connects two ports, as soon as both are there: a client that was just started takes its time.</summary>
    public async Task ConnectAsync(string source, string destination)
    {
        while (!(await RunAsync("jack_lsp")).Split('\n', StringSplitOptions.TrimEntries).Contains(source))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        await RunAsync("jack_connect", source, destination);
    }

    /// <summary>Ends the server without a chance to say goodbye.</summary>
    public void Kill()
    {
        _isKilled = true;
        _process.Kill();
    }

    /// <summary>Makes the server stand still, and everybody who waits for it.</summary>
    public void Stop() => Signal(SignalStop);

    /// <summary>Lets a server that stands still go on.</summary>
    public void Continue() => Signal(SignalContinue);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // SIGTERM, so that it takes its shared memory with it.
            Signal(SignalTerminate);
        }

        await Deadline.WaitAsync(_process.WaitForExitAsync(CancellationToken.None), $"the end of jackd {Name}");
        _process.Dispose();
        if (_isKilled)
        {
            // A machine has places for eight servers, and one that was killed keeps its own until one of its name comes and goes.
            await using var successor = await StartAsync(Name, BlockFrames, isRealTime: false);
        }

        foreach (var left in Directory.EnumerateFileSystemEntries("/dev/shm", $"jack*_{Name}_*"))
        {
            File.Delete(left);
        }
    }

    private void Signal(int signal) => Assert.Equal(0, kill(_process.Id, signal));

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
