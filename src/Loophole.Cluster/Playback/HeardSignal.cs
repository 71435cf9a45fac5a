using Loophole.Cluster.Hub;

namespace Loophole.Cluster.Playback;

/// <summary>A signal that the callback reads.</summary>
/// <param name="Signal">The signal.</param>
/// <param name="DelayFrames">How much later than it is made it is heard.</param>
internal readonly record struct HeardSignal(HubSignal Signal, int DelayFrames);
