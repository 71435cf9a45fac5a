namespace Loophole.DawProject;

/// <summary>A plugin.</summary>
public sealed record DawPlugin : DawDevice
{
    /// <summary>Its format.</summary>
    public required DawPluginFormat Format { get; init; }

    /// <summary>Its version.</summary>
    public string? PluginVersion { get; init; }

    internal override string ElementName => Format switch
    {
        DawPluginFormat.Vst2 => "Vst2Plugin",
        DawPluginFormat.Vst3 => "Vst3Plugin",
        DawPluginFormat.Clap => "ClapPlugin",
        _ => "AuPlugin",
    };
}
