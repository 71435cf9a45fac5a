using System.Collections.Immutable;
using Loophole.Cluster.Graph;

namespace Loophole.DawProject.Resolving;

/// <summary>A parameter of a node to be: the value that the file gives it, and the automation that is found later.</summary>
internal sealed class ParameterSlot
{
    public ParameterSlot(string name, ValueKind kind, DawParameter source)
    {
        Name = name;
        Kind = kind;
        Source = source;
        Value = source switch
        {
            DawRealParameter { Value: { } value } real => UnitConversion.Convert(kind, real.Unit, value, real),
            DawBoolParameter { Value: { } value } => value ? 1 : 0,
            DawIntegerParameter { Value: { } value } => value,
            DawEnumParameter { Value: { } value } => value,
            _ => null,
        };
    }

    public ParameterSlot(string name, double value)
    {
        Name = name;
        Value = value;
    }

    public string Name { get; }

    public ValueKind Kind { get; }

    public DawParameter? Source { get; }

    public double? Value { get; private set; }

    /// <summary>Whether something stronger than the file's value holds; automation has no effect then.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>Read once when the processor is made, so that it cannot be automated.</summary>
    public bool IsFixed { get; init; }

    public ImmutableArray<AutomationPoint> Automation { get; set; } = [];

    public void Hold(double value)
    {
        Value = value;
        IsHeld = true;
    }

    /// <summary>The setting; none when the file leaves the parameter open.</summary>
    public ParameterSetting? ToSetting()
    {
        var automation = IsHeld ? [] : Automation;
        return (Value ?? (automation.IsEmpty ? null : automation[0].Value)) is { } value ? new ParameterSetting(Name, value) { Automation = automation } : null;
    }
}
