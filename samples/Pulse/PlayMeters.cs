using System.Globalization;
using Loophole.Cluster;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;
using Spectre.Console;

namespace Loophole.Pulse;

/// <summary>Shows meters: the master's first, then those of the Channels in their order, as many as fit.</summary>
internal sealed class PlayMeters(AudioGraph graph)
{
    private const int BarWidth = 36;

    /// <summary>Where a bar begins, in dB below full scale.</summary>
    private const double Bottom = -60;

    private readonly Channel[] _channels = [.. graph.Channels.OrderBy(channel => channel.Id != graph.OutputChannelId)];

    /// <summary>The largest peak of the master's last window; <see langword="null"/> while nothing is known of it.</summary>
    public float? MasterPeak(PlayProgress at) => Find(at, _channels[0]) is { } level ? Loudest(level, reading => reading.Peak) : null;

    /// <summary>A level against full scale.</summary>
    public static string Decibels(float level) => level == 0 ? "-inf dB" : string.Create(CultureInfo.InvariantCulture, $"{InDecibels(level):0.0} dB");

    /// <summary>One line for each meter: RMS as a bar, the peak as a lighter one behind it and in dB.</summary>
    /// <param name="at">What is heard.</param>
    /// <param name="lines">How many there is room for.</param>
    public Grid Draw(PlayProgress at, int lines)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap().RightAligned());
        foreach (var (channel, level) in _channels.Select(channel => (channel, Find(at, channel))).Where(shown => shown.Item2 is not null).Take(Math.Max(1, lines)))
        {
            var (peak, rms) = (Loudest(level!, reading => reading.Peak), Loudest(level!, reading => reading.Rms));
            grid.AddRow(new Text(Short(channel.Name)), Bar(peak, rms), new Text(Decibels(peak)));
        }

        return grid;
    }

    private static Markup Bar(float peak, float rms)
    {
        var (full, light) = (Cells(rms), Cells(peak));
        var colour = peak > 1 ? "red" : "green";
        return new Markup($"[{colour}]{new string('█', full)}{new string('▒', Math.Max(0, light - full))}[/]{new string(' ', BarWidth - Math.Max(full, light))}");
    }

    private static int Cells(float level) => (int)Math.Round(BarWidth * Math.Clamp(1 - (InDecibels(level) / Bottom), 0, 1));

    private static double InDecibels(float level) => 20 * Math.Log10(level);

    private static float Loudest(MeterLevel level, Func<MeterReading, float> of) => level.Readings.Max(of);

    private static string Short(string name) => name.Length <= 20 ? name : string.Concat(name.AsSpan(0, 19), "…");

    /// <summary>The last meter of a Channel, unless what it shows was heard long ago.</summary>
    private MeterLevel? Find(PlayProgress at, Channel channel) =>
        at.Meters.LastOrDefault(level => level.ChannelId == channel.Id && at.RenderFrame - level.StartFrame < graph.SampleRate);
}
