namespace Loophole.DawProject;

/// <summary>What automation moves.</summary>
public sealed record DawAutomationTarget : DawElement
{
    /// <summary>Identifier of a parameter.</summary>
    public string? Parameter { get; init; }

    /// <summary>A kind of expression, such as <c>pitchBend</c>.</summary>
    public string? Expression { get; init; }

    /// <summary>MIDI channel.</summary>
    public int? Channel { get; init; }

    /// <summary>MIDI key.</summary>
    public int? Key { get; init; }

    /// <summary>MIDI controller.</summary>
    public int? Controller { get; init; }

    internal override string ElementName => "Target";
}
