using Loophole.EndToEnd.Tests.Processes.Faults;
using Loophole.EndToEnd.Tests.Processes.Projects;
using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

/// <summary>A project with recordings, the hash of its local render, and what an undisturbed render on two satellites sends.</summary>
public sealed class FaultFixture(ReferenceRenders references) : IAsyncLifetime
{
    /// <summary>How the project without recordings is rendered: its length, and small blocks, so that the first audio comes in small portions.</summary>
    internal static readonly string[] Bare = ["--tail", "0.5", "--block", "64"];

    internal TestFolder Folder { get; } = new();

    internal string Project { get; private set; } = "";

    internal string Sha256 { get; private set; } = "";

    /// <summary>Bytes to and from both satellites, from the first hello to the last answer.</summary>
    internal long Bytes { get; private set; }

    internal string BareProject => Folder.At("bare.dawproject");

    internal string BareSha256 { get; private set; } = "";

    /// <summary>Bytes to and from both satellites until the first audio may pass.</summary>
    internal long SetUpBytes { get; private set; }

    public async ValueTask InitializeAsync()
    {
        (Project, var local, _) = await references.MediaAsync();
        Sha256 = local.Sha256;
        var meter = new ByteMeter();
        await using var stage = await Stage.SetAsync(Folder, meter);
        var undisturbed = await PulseProcess.RenderAsync(Folder, Project, stage.Arguments);
        Assert.Equal(Sha256, undisturbed.Sha256);
        Assert.All(undisturbed.Nodes, node => Assert.Equal("", node.Lost));
        Bytes = meter.Passed;
        await MeasureSetUpAsync();
    }

    private async Task MeasureSetUpAsync()
    {
        HeavyProject.WriteBare(BareProject, HeavyProject.Light);
        BareSha256 = (await PulseProcess.RenderAsync(Folder, BareProject, ["--local", .. Bare])).Sha256;
        var meter = new ByteMeter();
        await using var stage = await Stage.SetAsync(Folder, meter);
        var wav = Folder.NewOutput();
        await using var pulse = PulseProcess.Start(Folder, ["render", BareProject, "--out", wav, "--json", .. Bare, .. stage.Arguments]);
        // Nothing but control messages passes before the host opens the file.
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(wav)!);
        var opened = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, _) => opened.TrySetResult(meter.Passed);
        watcher.EnableRaisingEvents = true;
        SetUpBytes = await Deadline.WaitAsync(opened.Task, () => "The host did not open the file.");
        Assert.Equal(BareSha256, RenderOutcome.Read(await pulse.EndAsync(), wav).Sha256);
    }

    public ValueTask DisposeAsync()
    {
        Folder.Dispose();
        return default;
    }
}
