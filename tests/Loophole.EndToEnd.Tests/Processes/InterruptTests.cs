using Loophole.EndToEnd.Tests.Processes.Projects;
using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

public sealed class InterruptTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_interrupt_that_a_Signal_gets_too_is_Pulses_to_answer()
    {
        var project = _folder.At("heavy.dawproject");
        HeavyProject.Write(project);
        var wav = _folder.NewOutput();
        await using var pulse = PulseProcess.Start(_folder, ["render", project, "--out", wav, "--satellites", "1", "--json"]);
        await Deadline.WaitAsync(pulse.Errors.LineAsync(line => line.Contains(" 20 %", StringComparison.Ordinal)), () => $"Pulse did not come to 20 %: {pulse.Errors}");
        foreach (var signal in OperatingSystemProcess.Children(pulse.Id))
        {
            OperatingSystemProcess.Send(signal, OperatingSystemProcess.Interrupt);
        }

        var outcome = RenderOutcome.Read(await pulse.EndAsync(), wav);
        Assert.All(outcome.Nodes, node => Assert.Equal("", node.Lost));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_interrupt_ends_every_process_and_leaves_no_file(bool reachesTheSignalsToo)
    {
        var project = _folder.At("heavy.dawproject");
        HeavyProject.Write(project);
        var wav = _folder.NewOutput();
        await using var pulse = PulseProcess.Start(_folder, ["render", project, "--out", wav, "--satellites", "2", "--json"]);
        await Deadline.WaitAsync(pulse.Errors.LineAsync(line => line.Contains(" 20 %", StringComparison.Ordinal)), () => $"Pulse did not come to 20 %: {pulse.Errors}");
        var signals = OperatingSystemProcess.Children(pulse.Id);
        Assert.Equal(3, signals.Length);

        // A terminal interrupts the whole group of processes, in whatever order.
        foreach (var process in reachesTheSignalsToo ? [.. signals, pulse.Id] : new[] { pulse.Id })
        {
            OperatingSystemProcess.Send(process, OperatingSystemProcess.Interrupt);
        }

        (await pulse.EndAsync()).Refused(130, "interrupted");
        Assert.DoesNotContain(signals, OperatingSystemProcess.Exists);
        Assert.Empty(TestFolder.TracesOf(wav));
        Assert.Empty(_folder.SatelliteFolders());
    }
}
