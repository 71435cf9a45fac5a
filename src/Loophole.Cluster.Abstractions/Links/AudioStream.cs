namespace Loophole.Cluster.Links;

/// <summary>One cut edge of the graph as a link carries it: blocks of one signal, one after the other.</summary>
/// <param name="Id">A number that Pulse chose, 0 or more; the same at both ends of the link.</param>
/// <param name="Epoch">Grows when the stream starts over (fail-over, rewind); blocks of a smaller epoch are dropped by number. 0 or more.</param>
/// <param name="AudioChannels">1 to 64.</param>
/// <param name="MaxFramesPerBlock">1 to 8192.</param>
/// <param name="StartFrame">Render frame of the first block in this epoch, 0 or more.</param>
public readonly record struct AudioStream(int Id, int Epoch, int AudioChannels, int MaxFramesPerBlock, long StartFrame);
