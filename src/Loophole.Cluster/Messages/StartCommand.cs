using System.Collections.Immutable;

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
    string OutputPath);
