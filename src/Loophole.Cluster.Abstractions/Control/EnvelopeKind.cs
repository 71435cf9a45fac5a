namespace Loophole.Cluster.Control;

/// <summary>What sort of message an envelope is.</summary>
public enum EnvelopeKind
{
    /// <summary>Asks for something; gets one response or error.</summary>
    Command = 0,

    /// <summary>Answers a command.</summary>
    Response = 1,

    /// <summary>Says that something happened.</summary>
    Event = 2,

    /// <summary>Says how things are, whole.</summary>
    Snapshot = 3,

    /// <summary>Refuses a command.</summary>
    Error = 4,
}
