using System.Xml.Linq;

namespace Loophole.DawProject;

/// <summary>A timeline that is kept and not used: <c>Video</c>, <c>ClipSlot</c>.</summary>
public sealed record DawOpaqueTimeline : DawTimeline
{
    /// <summary>The element as it stands.</summary>
    public required XElement Element { get; init; }

    internal override string ElementName => Element.Name.LocalName;
}
