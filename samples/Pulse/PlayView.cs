using System.Collections.Immutable;
using System.Globalization;
using Loophole.Cluster;
using Loophole.Cluster.Nodes;
using Loophole.DawProject;
using Spectre.Console;

namespace Loophole.Pulse;

/// <summary>Shows where playing is: a live view on a terminal, a line a second elsewhere.</summary>
internal sealed class PlayView(IAnsiConsole console, DawProjectGraphResult project, int sampleRate) : IProgress<PlayProgress>
{
    private const int TicksPerBeat = 960;

    /// <summary>Lines beside the nodes and the meters: where playing is, the frame of the nodes, the keys, and what a terminal keeps free.</summary>
    private const int OtherLines = 8;

    private readonly PlayMeters _meters = new(project.Graph);
    private LiveDisplayContext? _live;
    private float? _peak;
    private long _second = -1;

    /// <summary>Plays under a live view.</summary>
    public async Task<T> ShowAsync<T>(Func<Task<T>> play)
    {
        if (!console.Profile.Out.IsTerminal)
        {
            return await play();
        }

        return await console.Live(new Text("rendering ahead…")).StartAsync(async context =>
        {
            _live = context;
            return await play();
        });
    }

    public void Report(PlayProgress value)
    {
        if (_live is { } live)
        {
            live.UpdateTarget(Draw(value));
            return;
        }

        if (_meters.MasterPeak(value) is { } peak)
        {
            _peak = Math.Max(_peak ?? 0, peak);
        }

        if (value.RenderFrame / sampleRate > _second)
        {
            _second = value.RenderFrame / sampleRate;
            console.WriteLine(Line(value) + (_peak is { } loudest ? $"  peak {PlayMeters.Decibels(loudest)}" : ""));
            _peak = null;
        }
    }

    private Rows Draw(PlayProgress value)
    {
        var nodes = new Table().AddColumns("node", "", "reason");
        foreach (var node in value.Nodes.Nodes)
        {
            nodes.AddRow(Markup.Escape(node.Description.Name), node.Health == NodeHealth.Active ? "[green]active[/]" : $"[red]{Markup.Escape(node.Health.ToString())}[/]", Markup.Escape(node.Reason.Length > 0 ? node.Reason : Margin(node)));
        }

        var room = console.Profile.Height - OtherLines - value.Nodes.Nodes.Length;
        return new Rows(new Text(Line(value)), _meters.Draw(value, room), nodes, new Markup($"[grey]{PlayKeys.Help}[/]"));
    }

    private string Line(PlayProgress value) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(value.IsRunning ? "▶" : "⏸")} {Clock(value.ProjectFrame)}  bar {Musical(value.ProjectFrame)}  lead {value.AheadFrames * 1e3 / sampleRate:0} of {value.LeadFrames * 1e3 / sampleRate:0} ms{Inserts(value.InsertAheadFrames)}  late {value.LateBlocks}  xruns {value.Xruns}{Repeated(value.Loop)}{Silent(value.Gaps)}");

    /// <summary>The least that its audio was ahead of when it had to be there, and why that is little.</summary>
    private string Margin(ClusterNode node) => node.Telemetry?.Links.Where(link => link.MarginFrames is not null).MinBy(link => link.MarginFrames) is { } link
        ? string.Create(CultureInfo.InvariantCulture, $"{link.MarginFrames * 1e3 / sampleRate:0} ms ahead. {link.Reason}").TrimEnd()
        : "";

    private string Inserts(long? ahead) => ahead is { } frames ? string.Create(CultureInfo.InvariantCulture, $"  inserts {frames * 1e3 / sampleRate:0.0} ms") : "";

    /// <summary>What is not heard just now.</summary>
    private string Silent(ImmutableArray<PlayGap> gaps) => string.Join("", gaps.Where(gap => gap.Frames is null).Select(gap => $"  not heard: {GapReport.Of(gap, project.Graph).What}"));

    private string Repeated(LoopRegion? loop) => loop is null ? "" : $"  loop {Clock(loop.StartFrame)}-{Clock(loop.EndFrame)}";

    private string Clock(long frame) => (frame < 0 ? "-" : "") + TimeSpan.FromSeconds((double)frame / sampleRate).ToString(@"h\:mm\:ss\.f", CultureInfo.InvariantCulture);

    /// <summary>bar.beat.tick, counted from 1.1.0.</summary>
    private string Musical(long frame)
    {
        // Before the project there are no bars.
        var at = project.TimeSignatures.At(project.Tempo.BeatsAt((double)Math.Max(0, frame) / sampleRate));
        var beat = (long)at.Count;
        return string.Create(CultureInfo.InvariantCulture, $"{at.Bar}.{beat}.{(int)((at.Count - beat) * TicksPerBeat):000}");
    }
}
