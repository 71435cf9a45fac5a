using System.Globalization;
using Loophole.Cluster;
using Spectre.Console;

namespace Loophole.Pulse;

/// <summary>Shows how far a render is: a bar with speed and time left on a terminal, a line per tenth elsewhere.</summary>
internal sealed class ProgressView(IAnsiConsole console, TimeProvider time)
{
    /// <summary>Runs a render under a bar.</summary>
    /// <param name="title">What is rendered.</param>
    /// <param name="sampleRate">To tell the speed.</param>
    /// <param name="render">The render.</param>
    public async Task<T> ShowAsync<T>(string title, int sampleRate, Func<IProgress<RenderProgress>, Task<T>> render)
    {
        if (!console.Profile.Out.IsTerminal)
        {
            return await render(new Lines(console, title, sampleRate, time));
        }

        return await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(title));
                return await render(new Bar(task, title, sampleRate, time));
            });
    }

    /// <summary>A table of what each Signal did.</summary>
    public void ShowNodes(IEnumerable<NodeReport> nodes)
    {
        var table = new Table().AddColumns("node", "process", "transport", "subgraphs", "blocks", "render time", "peak memory", "");
        foreach (var node in nodes)
        {
            table.AddRow(
                Markup.Escape(node.Name),
                node.Pid.ToString(CultureInfo.InvariantCulture),
                Markup.Escape(node.Transport),
                node.Subgraphs.ToString(CultureInfo.InvariantCulture),
                node.Blocks.ToString(CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"{node.RenderSeconds:0.00} s"),
                string.Create(CultureInfo.InvariantCulture, $"{node.PeakMemoryBytes >> 20} MiB"),
                node.Lost.Length == 0 ? "" : Markup.Escape($"lost: {node.Lost}"));
        }

        console.Write(table);
    }

    private static string Speed(RenderProgress value, int sampleRate, TimeSpan elapsed) =>
        string.Create(CultureInfo.InvariantCulture, $"{value.PlayheadFrame / (double)sampleRate / Math.Max(elapsed.TotalSeconds, 1e-3):0.0}× real time");

    private sealed class Bar(ProgressTask task, string title, int sampleRate, TimeProvider time) : IProgress<RenderProgress>
    {
        private readonly long _started = time.GetTimestamp();

        public void Report(RenderProgress value)
        {
            task.MaxValue = value.EndFrame;
            task.Value = value.PlayheadFrame;
            task.Description = Markup.Escape($"{title}, {Speed(value, sampleRate, time.GetElapsedTime(_started))}");
        }
    }

    private sealed class Lines(IAnsiConsole console, string title, int sampleRate, TimeProvider time) : IProgress<RenderProgress>
    {
        private readonly long _started = time.GetTimestamp();
        private long _tenths = -1;

        public void Report(RenderProgress value)
        {
            if (value.PlayheadFrame * 10 / value.EndFrame is var tenths && tenths > _tenths)
            {
                _tenths = tenths;
                console.WriteLine($"{title}: {tenths * 10} %, {Speed(value, sampleRate, time.GetElapsedTime(_started))}");
            }
        }
    }
}
