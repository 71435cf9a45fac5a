namespace Loophole.Bench.Playback;

/// <summary>What comes over the satellites in the middle of a performance.</summary>
internal enum Condition
{
    /// <summary>Nothing: the control.</summary>
    Well,

    /// <summary>Their processes are stopped.</summary>
    Stopped,

    /// <summary>Their processes are killed.</summary>
    Cut,

    /// <summary>From then on they send as much as the network takes.</summary>
    Flooding,
}
