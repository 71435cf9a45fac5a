namespace Loophole.EndToEnd.Tests.Processes.Faults;

/// <summary>What can happen to a satellite.</summary>
internal enum Fault
{
    /// <summary><c>kill -9</c>.</summary>
    Kill,

    /// <summary>SIGSTOP: it stays, and does nothing more.</summary>
    Stop,

    /// <summary>Every connection is reset.</summary>
    Cut,

    /// <summary>Every connection stays, and nothing gets through.</summary>
    BlackHole,
}
