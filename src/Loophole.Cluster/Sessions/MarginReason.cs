using System.Globalization;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Sessions;

/// <summary>Says why what a Signal renders comes with little margin.</summary>
internal static class MarginReason
{
    /// <summary>There is little margin when it is less than this part of what it can be.</summary>
    private const int SmallPart = 4;

    /// <summary>Part of its render threads' time from which on a Signal has little left for what takes longer.</summary>
    private const double HighLoad = 0.7;

    /// <summary>A round trip has grown when it is so many times what half of them are.</summary>
    private const int GrownTimes = 3;

    /// <summary>Finds what explains most of it.</summary>
    /// <param name="link">How it has come.</param>
    /// <param name="node">How the Signal was meanwhile.</param>
    /// <param name="format">What the session agrees on.</param>
    /// <param name="hasJustBegun">Whether the assignment is a new one: after a take-over, a change, or another placement.</param>
    /// <returns>A sentence; empty where there is enough.</returns>
    public static string Of(LinkTelemetry link, NodeTelemetry node, SessionFormat format, bool hasJustBegun)
    {
        var small = link.MostFrames / SmallPart;
        if (link.MarginFrames is not { } margin || margin >= small)
        {
            return "";
        }

        var longest = TimeOf((node.RenderTimes?.Longest ?? 0) * format.BlockFrames);
        var much = TimeOf(small);
        return
            hasJustBegun ? "It has just begun, or gone on from a checkpoint, and catches up." :
            node.RenderLoad >= HighLoad ? Say($"It renders slowly, for {node.RenderLoad * 100:0} % of its threads' time.") :
            longest >= much ? Say($"A block took {longest.TotalMilliseconds:0.0} ms to render.") :
            node.RoundTrip >= much && node.RoundTrip >= GrownTimes * node.RoundTripMedian ? Say($"The network is slow: the round trip has grown from {node.RoundTripMedian.TotalMilliseconds:0.0} ms to {node.RoundTrip.TotalMilliseconds:0.0} ms.") :
            node.RoundTrip >= much ? Say($"The way is long: of {TimeOf(link.MostFrames).TotalMilliseconds:0.0} ms ahead a round trip takes {node.RoundTrip.TotalMilliseconds:0.0} ms.") :
            link.CreditFrames == 0 ? Say($"It may send nothing more before the host has a checkpoint; what is heard is {TimeOf(link.CheckpointAgeFrames).TotalMilliseconds:0} ms beyond the newest.") :
            "Nothing that is measured says why.";

        TimeSpan TimeOf(double frames) => TimeSpan.FromSeconds(frames / format.SampleRate);
    }

    private static string Say(FormattableString sentence) => sentence.ToString(CultureInfo.InvariantCulture);
}
