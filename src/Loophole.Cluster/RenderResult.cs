using System.Collections.Immutable;

namespace Loophole.Cluster;

/// <summary>A finished render.</summary>
/// <param name="Sha256">Hash of the sample data as stored.</param>
/// <param name="Frames">Frames in the file.</param>
/// <param name="AudioChannels">Audio channels in the file.</param>
/// <param name="SampleRate">Frames per second.</param>
/// <param name="Elapsed">From the first deployment to the finished file.</param>
/// <param name="Nodes">What each Signal did, the host first.</param>
/// <param name="Failovers">Subgraphs that went on elsewhere.</param>
/// <param name="Objections">Why Signals that were there were given nothing of this project: a sentence for each rule that forbade it.</param>
public sealed record RenderResult(
    string Sha256,
    long Frames,
    int AudioChannels,
    int SampleRate,
    TimeSpan Elapsed,
    ImmutableArray<NodeResult> Nodes,
    int Failovers,
    ImmutableArray<string> Objections);
