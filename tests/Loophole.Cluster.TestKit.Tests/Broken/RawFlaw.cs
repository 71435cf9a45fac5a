namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>What may be wrong with how a listener treats peers that do not speak its protocol.</summary>
public enum RawFlaw
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Lets nobody connect once one went without a word.</summary>
    StuckOnTheGone,

    /// <summary>Lets nobody connect once one sent garbage.</summary>
    StuckOnGarbage,

    /// <summary>Keeps a buffer of all garbage.</summary>
    KeepsGarbage,

    /// <summary>Lets nobody connect while one is silent.</summary>
    StuckOnTheSilent,

    /// <summary>Cuts nobody off.</summary>
    HearsForEver,

    /// <summary>Is not disposed while one is there.</summary>
    WaitsForTheHalfOpen,

    /// <summary>Waits for ever for an endpoint that does not answer.</summary>
    ConnectsForEver,
}
