namespace Loophole.DawProject;

/// <summary>A track or a channel.</summary>
public abstract record DawLane : DawNamedElement
{
}
