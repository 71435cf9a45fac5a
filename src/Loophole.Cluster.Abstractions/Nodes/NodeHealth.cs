namespace Loophole.Cluster.Nodes;

/// <summary>What the registry believes of a Signal.</summary>
public enum NodeHealth
{
    /// <summary>It has registered and is being told what it has to know before it can be given work.</summary>
    Joining = 0,

    /// <summary>It answers, and does what it is given in time.</summary>
    Active = 1,

    /// <summary>It has not been heard of for longer than it should be.</summary>
    Suspect = 2,

    /// <summary>It answers, but what it is given comes late, or is about to.</summary>
    Degraded = 3,

    /// <summary>It was declared lost; its work goes elsewhere. A return is a new registration.</summary>
    Lost = 4,

    /// <summary>It left in good order.</summary>
    Left = 5,
}
