namespace Loophole.DawProject.Resolving;

/// <summary>Processors of ours that the format has no element for. They stand in the file as <c>BuiltinDevice</c> with the identifier <c>loophole.</c> and the kind.</summary>
internal static class LoopholeDevices
{
    private const string Prefix = "loophole.";

    /// <summary>The parameters by kind; the first of <c>load</c> and <c>latency</c> decides memory or latency and is fixed.</summary>
    private static readonly Dictionary<string, string[]> Parameters = new(StringComparer.Ordinal)
    {
        ["reverb"] = ["roomSize", "damping", "mix", "preDelay", "enabled"],
        ["delay"] = ["time", "feedback", "mix", "enabled"],
        ["tone"] = ["frequency", "level"],
        ["noise"] = ["seed", "level"],
        ["synth"] = ["wave", "level", "attack", "decay", "sustain", "release"],
        ["load"] = ["operations"],
        ["latency"] = ["frames"],
    };

    /// <summary>The kind of a device of ours, or <see langword="null"/>.</summary>
    public static string? KindOf(DawDevice device)
    {
        var id = string.IsNullOrEmpty(device.DeviceId) ? device.DeviceName : device.DeviceId;
        return id.StartsWith(Prefix, StringComparison.Ordinal) && Parameters.ContainsKey(id[Prefix.Length..]) ? id[Prefix.Length..] : null;
    }

    public static bool HasParameter(string kind, string name) => Parameters[kind].Contains(name);

    public static bool IsInstrument(DawDevice device) => KindOf(device) is "synth";

    public static bool IsFixed(string kind) => kind is "load" or "latency";
}
