namespace Loophole.Cluster.Placement;

/// <summary>Something that a unit hands to others.</summary>
/// <param name="Maker">The unit that makes it.</param>
/// <param name="AudioChannels">Its width.</param>
/// <param name="Crossing">What it costs at each end of a link.</param>
/// <param name="Readers">The units that read it, ascending.</param>
internal sealed record PlacementSignal(int Maker, int AudioChannels, long Crossing, int[] Readers);
