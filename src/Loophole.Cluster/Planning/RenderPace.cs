namespace Loophole.Cluster.Planning;

/// <summary>When a step is rendered, against what is heard.</summary>
public enum RenderPace
{
    /// <summary>As far ahead as the lead goes.</summary>
    Ahead = 0,

    /// <summary>In the audio callback that it is heard in.</summary>
    Live = 1,

    /// <summary>Right after the audio callback that it depends on; what is live hears it an insert's budget later.</summary>
    Insert = 2,
}
