namespace Loophole.Cluster.Rendering;

/// <summary>Why a plan cannot be rendered.</summary>
public enum RenderError
{
    /// <summary>The plan contradicts itself: an unknown signal, a step before what it reads, a bad size.</summary>
    BadPlan = 1,

    /// <summary>No processor of that kind here.</summary>
    UnknownProcessor = 2,

    /// <summary>A parameter is unknown, not finite, or automated although fixed.</summary>
    BadParameter = 3,

    /// <summary>The bytes are not a checkpoint of this plan.</summary>
    BadCheckpoint = 4,
}
