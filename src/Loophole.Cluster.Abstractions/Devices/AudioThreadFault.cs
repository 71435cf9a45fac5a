namespace Loophole.Cluster.Devices;

/// <summary>What an audio callback must not do.</summary>
public enum AudioThreadFault
{
    /// <summary>It allocated; counted in bytes.</summary>
    AllocatedBytes = 0,

    /// <summary>It blocked, or would have: a wait handle, a contended lock, a task, a thread's end. Locks that nobody else holds and sleeps are not seen.</summary>
    Wait = 1,

    /// <summary>It woke another thread.</summary>
    Bell = 2,

    /// <summary>It used a link, a channel or a socket.</summary>
    Network = 3,

    /// <summary>It logged, or asked whether it should.</summary>
    Log = 4,
}
