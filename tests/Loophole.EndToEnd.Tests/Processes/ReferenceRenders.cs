using System.Globalization;
using System.Text.RegularExpressions;
using Loophole.EndToEnd.Tests.Processes.Projects;
using Loophole.EndToEnd.Tests.Processes.Running;

[assembly: AssemblyFixture(typeof(Loophole.EndToEnd.Tests.Processes.ReferenceRenders))]

namespace Loophole.EndToEnd.Tests.Processes;

/// <summary>Projects that several classes render, with what their local renders gave: each is written and rendered once, when it is first asked for.</summary>
public sealed partial class ReferenceRenders : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Lazy<Task<Reference>> _small;
    private readonly Lazy<Task<Reference>> _media;

    public ReferenceRenders()
    {
        _small = new(MakeSmallAsync);
        _media = new(MakeMediaAsync);
    }

    /// <summary><see cref="SmallProject"/> with a tail of 0.25 s.</summary>
    internal Task<Reference> SmallAsync() => _small.Value;

    /// <summary><see cref="HeavyProject"/> with its recordings and <see cref="HeavyProject.Light"/> work.</summary>
    internal Task<Reference> MediaAsync() => _media.Value;

    public void Dispose() => _folder.Dispose();

    private async Task<Reference> MakeSmallAsync()
    {
        var project = _folder.At("small.dawproject");
        SmallProject.Write(project);
        var local = await PulseProcess.RenderAsync(_folder, project, ["--local", "--tail", "0.25"]);
        var inspected = await PulseProcess.RunAsync(_folder, ["inspect", project]);
        var latency = long.Parse(Latency().Match(inspected.Output).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.True(latency > 441, $"A latency of {latency} frames is less than the project's own.");
        return new Reference(project, local, local.Frames + latency);
    }

    private async Task<Reference> MakeMediaAsync()
    {
        var project = _folder.At("media.dawproject");
        HeavyProject.Write(project, HeavyProject.Light);
        var local = await PulseProcess.RenderAsync(_folder, project, ["--local"]);
        return new Reference(project, local, local.Frames);
    }

    [GeneratedRegex(@"latency\s+(\d+)\s+frames")]
    private static partial Regex Latency();

    /// <param name="Project">The file.</param>
    /// <param name="Local">What its local render said.</param>
    /// <param name="EndFrames">Frames that every subgraph renders: the output and the latency before it.</param>
    internal sealed record Reference(string Project, RenderOutcome Local, long EndFrames);
}
