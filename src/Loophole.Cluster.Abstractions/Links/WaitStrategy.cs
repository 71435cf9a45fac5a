namespace Loophole.Cluster.Links;

/// <summary>How <see cref="IAudioLink.Receive"/> waits. Waking an idle core costs tens of microseconds; not letting it idle costs processor time.</summary>
public enum WaitStrategy
{
    /// <summary>Looks for a short while, then sleeps until something arrives. The default.</summary>
    Adaptive = 0,

    /// <summary>Learns when blocks are due, looks without pause around that time, and sleeps between.</summary>
    LowLatency = 1,

    /// <summary>Sleeps at once until something arrives.</summary>
    Block = 2,
}
