namespace Loophole.Bench.Playback;

/// <summary>How the satellites are while callbacks are measured.</summary>
internal enum Condition
{
    /// <summary>The control.</summary>
    Well,

    /// <summary>Their processes are stopped.</summary>
    Stopped,

    /// <summary>Their processes are killed.</summary>
    Cut,

    /// <summary>They send as much as the network takes.</summary>
    Flooding,
}
