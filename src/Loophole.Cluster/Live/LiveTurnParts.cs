using System.Collections.Immutable;
using Loophole.Cluster.Hub;
using Loophole.Cluster.Playback;

namespace Loophole.Cluster.Live;

/// <summary>What a <see cref="LiveTurn"/> turns.</summary>
/// <param name="Playing">What plays.</param>
/// <param name="Next">What is to be played; made ready, and not played yet.</param>
/// <param name="Retired">Render, up to what is heard, what comes to be live.</param>
/// <param name="Leaving">Renders ahead what is not live any more, or <see langword="null"/>.</param>
/// <param name="Awaited">What must be there before it turns.</param>
/// <param name="BlockFrames">Block size of the grid.</param>
/// <param name="KnownBefore">Says up to where everything that happens is known.</param>
/// <param name="Drop">Lets go of a bridge that nobody needs any more.</param>
internal sealed record LiveTurnParts(
    Playing Playing,
    PlayedParts Next,
    ImmutableArray<HubBridge> Retired,
    HubBridge? Leaving,
    ImmutableArray<HubSignal> Awaited,
    int BlockFrames,
    Func<long> KnownBefore,
    Action<HubBridge> Drop)
{
    /// <summary>What is rendered in the callback so far, or <see langword="null"/>.</summary>
    public LiveCohort? From { get; } = Playing.Live;

    /// <summary>What is to be rendered there, or <see langword="null"/>.</summary>
    public LiveCohort? To => Next.Live;

    /// <summary>What the device calls.</summary>
    public OutputFeed Feed => Playing.Feed;
}
