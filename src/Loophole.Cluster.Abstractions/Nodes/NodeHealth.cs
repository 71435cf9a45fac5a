namespace Loophole.Cluster.Nodes;

/// <summary>What the registry believes of a Signal.</summary>
public enum NodeHealth
{
    /// <summary>It answers.</summary>
    Active = 0,

    /// <summary>It has not been heard of for longer than it should be.</summary>
    Suspect = 1,

    /// <summary>It was declared lost; its work goes elsewhere. A return is a new registration.</summary>
    Lost = 2,

    /// <summary>It left in good order.</summary>
    Left = 3,
}
