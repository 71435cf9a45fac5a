using System.Xml.Linq;

namespace Loophole.DawProject.Reading;

/// <summary>Reads devices.</summary>
internal static class DeviceReader
{
    public static DawDevice? Read(ElementCursor cursor) => cursor.Element.Name.LocalName switch
    {
        "Device" => Complete(cursor, new DawDevice { DeviceName = "", DeviceRole = default }),
        "Vst2Plugin" => ReadPlugin(cursor, DawPluginFormat.Vst2),
        "Vst3Plugin" => ReadPlugin(cursor, DawPluginFormat.Vst3),
        "ClapPlugin" => ReadPlugin(cursor, DawPluginFormat.Clap),
        "AuPlugin" => ReadPlugin(cursor, DawPluginFormat.AudioUnit),
        "BuiltinDevice" => Complete(cursor, new DawBuiltinDevice { DeviceName = "", DeviceRole = default }),
        "Equalizer" => Complete(cursor, new DawEqualizer
        {
            DeviceName = "",
            DeviceRole = default,
            Bands = [.. cursor.Children("Band").Select(ReadBand)],
            InputGain = ParameterReader.ReadOptionalReal(cursor, "InputGain"),
            OutputGain = ParameterReader.ReadOptionalReal(cursor, "OutputGain"),
        }),
        "Compressor" => Complete(cursor, new DawCompressor
        {
            DeviceName = "",
            DeviceRole = default,
            Attack = ParameterReader.ReadOptionalReal(cursor, "Attack"),
            AutoMakeup = ParameterReader.ReadOptionalBool(cursor, "AutoMakeup"),
            InputGain = ParameterReader.ReadOptionalReal(cursor, "InputGain"),
            OutputGain = ParameterReader.ReadOptionalReal(cursor, "OutputGain"),
            Ratio = ParameterReader.ReadOptionalReal(cursor, "Ratio"),
            Release = ParameterReader.ReadOptionalReal(cursor, "Release"),
            Threshold = ParameterReader.ReadOptionalReal(cursor, "Threshold"),
        }),
        "Limiter" => Complete(cursor, new DawLimiter
        {
            DeviceName = "",
            DeviceRole = default,
            Attack = ParameterReader.ReadOptionalReal(cursor, "Attack"),
            InputGain = ParameterReader.ReadOptionalReal(cursor, "InputGain"),
            OutputGain = ParameterReader.ReadOptionalReal(cursor, "OutputGain"),
            Release = ParameterReader.ReadOptionalReal(cursor, "Release"),
            Threshold = ParameterReader.ReadOptionalReal(cursor, "Threshold"),
        }),
        "NoiseGate" => Complete(cursor, new DawNoiseGate
        {
            DeviceName = "",
            DeviceRole = default,
            Attack = ParameterReader.ReadOptionalReal(cursor, "Attack"),
            Range = ParameterReader.ReadOptionalReal(cursor, "Range"),
            Ratio = ParameterReader.ReadOptionalReal(cursor, "Ratio"),
            Release = ParameterReader.ReadOptionalReal(cursor, "Release"),
            Threshold = ParameterReader.ReadOptionalReal(cursor, "Threshold"),
        }),
        _ => null,
    };

    public static DawFileReference ReadFile(ElementCursor cursor) => new()
    {
        Path = cursor.RequiredText("path"),
        External = cursor.Switch("external"),
        Line = cursor.Line,
        UnknownAttributes = cursor.UnknownAttributes(),
        UnknownElements = cursor.UnknownElements(),
    };

    private static DawDevice ReadPlugin(ElementCursor cursor, DawPluginFormat format) => Complete(cursor, new DawPlugin
    {
        DeviceName = "",
        DeviceRole = default,
        Format = format,
        PluginVersion = cursor.Text("pluginVersion"),
    });

    private static DawEqualizerBand ReadBand(ElementCursor cursor) => new()
    {
        Type = cursor.RequiredWord("type", DawWords.BandTypes),
        Order = cursor.Integer("order"),
        Frequency = ParameterReader.ReadReal(cursor.RequiredChild("Freq")),
        Gain = ParameterReader.ReadOptionalReal(cursor, "Gain"),
        Q = ParameterReader.ReadOptionalReal(cursor, "Q"),
        Enabled = ParameterReader.ReadOptionalBool(cursor, "Enabled"),
        Line = cursor.Line,
        UnknownAttributes = cursor.UnknownAttributes(),
        UnknownElements = cursor.UnknownElements(),
    };

    /// <summary>Fills in what every device has.</summary>
    private static DawDevice Complete(ElementCursor cursor, DawDevice device)
    {
        var leftovers = new List<XElement>();
        return device with
        {
            Id = cursor.Text("id"),
            Name = cursor.Text("name"),
            Color = cursor.Text("color"),
            Comment = cursor.Text("comment"),
            DeviceName = cursor.RequiredText("deviceName"),
            DeviceRole = cursor.RequiredWord("deviceRole", DawWords.DeviceRoles),
            DeviceId = cursor.Text("deviceID"),
            DeviceVendor = cursor.Text("deviceVendor"),
            Loaded = cursor.Switch("loaded"),
            Parameters = cursor.Group("Parameters", leftovers, ParameterReader.ReadAny),
            Enabled = ParameterReader.ReadOptionalBool(cursor, "Enabled"),
            State = cursor.Child("State") is { } state ? ReadFile(state) : null,
            Line = cursor.Line,
            UnknownAttributes = cursor.UnknownAttributes(),
            UnknownElements = cursor.UnknownElements(leftovers),
        };
    }
}
