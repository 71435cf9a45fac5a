namespace Loophole.Cluster.Links;

/// <summary>How <see cref="IAudioLink.Receive"/> waits; <see cref="IAudioLink.ReceiveAsync"/> takes no notice of it. Waking an idle core costs tens of microseconds; not letting it idle costs processor time.</summary>
public enum WaitStrategy
{
    /// <summary>Looks for up to 100 µs and then sleeps, or sleeps at once: whichever has lately brought what it waits for sooner. The default.</summary>
    Adaptive = 0,

    /// <summary>Learns when blocks are due, looks without pause from 1 ms before to 2 ms after, and sleeps between: a good part of a core, a whole one where
    /// block periods are shorter than that.</summary>
    LowLatency = 1,

    /// <summary>Sleeps at once until something arrives.</summary>
    Block = 2,
}
