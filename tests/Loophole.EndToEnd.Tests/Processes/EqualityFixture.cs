using System.Globalization;
using System.Text.RegularExpressions;
using Loophole.EndToEnd.Tests.Processes.Projects;
using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

/// <summary>One project and the hash of its local render, for every test of equality.</summary>
public sealed partial class EqualityFixture : IAsyncLifetime
{
    internal TestFolder Folder { get; } = new();

    internal string Project => Folder.At("small.dawproject");

    internal RenderOutcome Local { get; private set; } = null!;

    /// <summary>Frames that every subgraph renders: the output and the latency before it.</summary>
    internal long EndFrames { get; private set; }

    public async ValueTask InitializeAsync()
    {
        SmallProject.Write(Project);
        Local = await PulseProcess.RenderAsync(Folder, Project, ["--local", "--tail", "0.25"]);
        var inspected = await PulseProcess.RunAsync(Folder, ["inspect", Project]);
        var latency = long.Parse(Latency().Match(inspected.Output).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.True(latency > 441, $"A latency of {latency} frames is less than the project's own.");
        EndFrames = Local.Frames + latency;
    }

    public ValueTask DisposeAsync()
    {
        Folder.Dispose();
        return default;
    }

    [GeneratedRegex(@"latency\s+(\d+)\s+frames")]
    private static partial Regex Latency();
}
