namespace Loophole.Cluster.Live;

/// <summary>Something that a <see cref="LiveCohort"/> reads. Nothing here waits, locks, allocates, or throws.</summary>
internal interface ILiveInput
{
    /// <summary>Render frame up to which it is there by what is rendered ahead; <see cref="long.MaxValue"/> of what is made while it is heard. [any]</summary>
    long Reached { get; }

    /// <summary>Render frame up to which nothing of it would be missing now. [any]</summary>
    long There { get; }

    /// <summary>How many frames from a frame on can be had at once, at most <paramref name="frames"/>; 1 or more. [whoever renders]</summary>
    int Contiguous(long frame, int frames);

    /// <summary>Takes frames, each once and in order; what is missing has become a gap without a click. [whoever renders]</summary>
    /// <param name="frame">Render frame of the first one.</param>
    /// <param name="frames">How many, as <see cref="Contiguous"/> says.</param>
    /// <param name="limit">Nothing that was rendered ahead counts from this render frame on.</param>
    /// <param name="missing">Raised to the frames at which something was missing.</param>
    /// <returns>The samples, interleaved; valid until the next call.</returns>
    ReadOnlyMemory<float> Read(long frame, int frames, long limit, ref int missing);
}
