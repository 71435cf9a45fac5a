using System.Collections.Immutable;
using System.Xml.Linq;

namespace Loophole.DawProject;

/// <summary>The content of <c>project.xml</c>, as musical as it stands there: beats stay beats. Immutable.</summary>
public sealed record DawProjectDocument : DawElement
{
    /// <summary>Version of the format.</summary>
    public string Version { get; init; } = "1.0";

    /// <summary>The program that wrote it.</summary>
    public DawApplication Application { get; init; } = new();

    /// <summary>Tempo and time signature at the start.</summary>
    public DawTransport? Transport { get; init; }

    /// <summary>Tracks and channels, in order.</summary>
    public ImmutableArray<DawLane> Structure { get; init; } = [];

    /// <summary>What plays when.</summary>
    public DawArrangement? Arrangement { get; init; }

    /// <summary>Clip launcher scenes, kept and not used.</summary>
    public XElement? Scenes { get; init; }

    internal override string ElementName => "Project";
}
