using System.Collections.Immutable;

namespace Loophole.DawProject;

/// <summary>A device that is neither a plugin nor one of the format's built-in devices.</summary>
public record DawDevice : DawNamedElement
{
    /// <summary>Its name.</summary>
    public required string DeviceName { get; init; }

    /// <summary>What it does.</summary>
    public required DawDeviceRole DeviceRole { get; init; }

    /// <summary>Its identifier: of a plugin, in its format.</summary>
    public string? DeviceId { get; init; }

    /// <summary>Who made it.</summary>
    public string? DeviceVendor { get; init; }

    /// <summary>Whether it is active; by default it is.</summary>
    public bool? Loaded { get; init; }

    /// <summary>Whether it is on; by default it is.</summary>
    public DawBoolParameter? Enabled { get; init; }

    /// <summary>Its state, a file in the archive.</summary>
    public DawFileReference? State { get; init; }

    /// <summary>Parameters other than those that its own element names.</summary>
    public ImmutableArray<DawParameter> Parameters { get; init; } = [];

    internal override string ElementName => "Device";

    internal override string Describe() => string.IsNullOrEmpty(Name) && !string.IsNullOrEmpty(DeviceName) ? (this with { Name = DeviceName }).Describe() : base.Describe();
}
