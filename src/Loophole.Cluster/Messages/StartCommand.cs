using System.Collections.Immutable;
using Loophole.Cluster.Plan;

namespace Loophole.Cluster.Messages;

/// <summary><c>rendering.start</c> (host only): render into a file. Progress, the end, or a failure follow as events.</summary>
/// <param name="Format">What the session agrees on.</param>
/// <param name="Routes">Every subgraph and its signals.</param>
/// <param name="OutputSignalId">The signal for the sink.</param>
/// <param name="OutputAudioChannels">Its width.</param>
/// <param name="SkipFrames">Frames at the start that only fill delay compensation.</param>
/// <param name="OutputPath">The file.</param>
internal sealed record StartCommand(
    SessionFormat Format,
    ImmutableArray<SubgraphRoute> Routes,
    int OutputSignalId,
    int OutputAudioChannels,
    int SkipFrames,
    string OutputPath)
{
    /// <summary>What contradicts itself here, or <see langword="null"/>.</summary>
    /// <param name="madeHere">Signals that the host makes itself, by no route.</param>
    public string? FindFault(ImmutableArray<PlanSignal> madeHere)
    {
        var inputs = Routes.SelectMany(route => route.Inputs).ToArray();
        var outputs = Routes.SelectMany(route => route.Outputs).ToArray();
        var made = outputs.Select(stream => new PlanSignal(stream.SignalId, stream.AudioChannels)).Concat(madeHere).ToArray();
        var widths = made.DistinctBy(signal => signal.Id).ToDictionary(signal => signal.Id, signal => signal.AudioChannels);
        return !Format.IsSane || SkipFrames < 0 || SkipFrames > Format.EndFrame ? "The numbers of the render contradict themselves."
            : Routes.DistinctBy(route => route.SubgraphId).Count() != Routes.Length ? "Two routes are of one subgraph."
            : Routes.Any(route => route.Epoch < 0 || route.StartFrame != 0 || route.Outputs.IsEmpty) ? "A route does not start at frame 0, or makes nothing."
            : widths.Count != made.Length ? "Two subgraphs make one signal."
            : inputs.Concat(outputs).Any(stream => stream.StreamId < 0) || inputs.Concat(outputs).DistinctBy(stream => stream.StreamId).Count() != inputs.Length + outputs.Length ? "A stream is used twice."
            : widths.Values.Any(width => width is < 1 or > 64) || inputs.Any(stream => widths.GetValueOrDefault(stream.SignalId) != stream.AudioChannels) ? "A signal that is read is not made, or has another width."
            : widths.GetValueOrDefault(OutputSignalId) != OutputAudioChannels ? "The output is not made, or has another width."
            : null;
    }
}
