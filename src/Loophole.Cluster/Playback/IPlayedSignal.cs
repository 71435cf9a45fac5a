namespace Loophole.Cluster.Playback;

/// <summary>What an <see cref="OutputFeed"/> plays. Nothing here waits, locks, allocates, or throws.</summary>
internal interface IPlayedSignal
{
    /// <summary>Its width.</summary>
    int AudioChannels { get; }

    /// <summary>Where it is in a gap. What is played after another signal goes on where that was.</summary>
    GapFade Fade { get; set; }

    /// <summary>Render frame up to which it can be played with what is rendered and known by now. [any]</summary>
    long Reached { get; }

    /// <summary>How many frames from a frame on can be had at once, at most <paramref name="frames"/>; 1 or more. [audio thread]</summary>
    int Contiguous(long frame, int frames);

    /// <summary>Takes frames, each once and in order; what is missing has become a click-free gap. [audio thread]</summary>
    /// <param name="frame">Render frame of the first one.</param>
    /// <param name="frames">How many, as <see cref="Contiguous"/> says.</param>
    /// <param name="limit">Nothing that was rendered ahead counts from this render frame on.</param>
    /// <param name="missing">Raised to the frames at which something was missing.</param>
    /// <returns>The samples, interleaved; valid until the next call.</returns>
    ReadOnlySpan<float> Take(long frame, int frames, long limit, ref int missing);
}
