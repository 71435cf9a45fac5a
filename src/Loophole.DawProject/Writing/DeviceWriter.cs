using System.Xml.Linq;

namespace Loophole.DawProject.Writing;

/// <summary>Writes devices.</summary>
internal static class DeviceWriter
{
    public static XElement Write(DawDevice device)
    {
        var builder = new ElementBuilder(device.ElementName)
            .Text("deviceID", device.DeviceId)
            .Text("deviceName", device.DeviceName)
            .Word("deviceRole", DawWords.DeviceRoles, (DawDeviceRole?)device.DeviceRole)
            .Text("deviceVendor", device.DeviceVendor)
            .Switch("loaded", device.Loaded)
            .Text("pluginVersion", (device as DawPlugin)?.PluginVersion)
            .Named(device)
            .Group("Parameters", [.. device.Parameters.Select(ParameterWriter.Write)])
            .Add(ParameterWriter.WriteOptional(device.Enabled, "Enabled"))
            .Add(device.State is { } state ? WriteFile(state, "State") : null);
        return AddOwn(builder, device).Finish(device);
    }

    public static XElement WriteFile(DawFileReference file, string name) => new ElementBuilder(name).Text("path", file.Path).Switch("external", file.External).Finish(file);

    private static ElementBuilder AddOwn(ElementBuilder builder, DawDevice device) => device switch
    {
        DawEqualizer equalizer => builder
            .Add(equalizer.Bands.Select(WriteBand))
            .Add(ParameterWriter.WriteOptional(equalizer.InputGain, "InputGain"))
            .Add(ParameterWriter.WriteOptional(equalizer.OutputGain, "OutputGain")),
        DawCompressor compressor => builder
            .Add(ParameterWriter.WriteOptional(compressor.Attack, "Attack"))
            .Add(ParameterWriter.WriteOptional(compressor.AutoMakeup, "AutoMakeup"))
            .Add(ParameterWriter.WriteOptional(compressor.InputGain, "InputGain"))
            .Add(ParameterWriter.WriteOptional(compressor.OutputGain, "OutputGain"))
            .Add(ParameterWriter.WriteOptional(compressor.Ratio, "Ratio"))
            .Add(ParameterWriter.WriteOptional(compressor.Release, "Release"))
            .Add(ParameterWriter.WriteOptional(compressor.Threshold, "Threshold")),
        DawLimiter limiter => builder
            .Add(ParameterWriter.WriteOptional(limiter.Attack, "Attack"))
            .Add(ParameterWriter.WriteOptional(limiter.InputGain, "InputGain"))
            .Add(ParameterWriter.WriteOptional(limiter.OutputGain, "OutputGain"))
            .Add(ParameterWriter.WriteOptional(limiter.Release, "Release"))
            .Add(ParameterWriter.WriteOptional(limiter.Threshold, "Threshold")),
        DawNoiseGate gate => builder
            .Add(ParameterWriter.WriteOptional(gate.Attack, "Attack"))
            .Add(ParameterWriter.WriteOptional(gate.Range, "Range"))
            .Add(ParameterWriter.WriteOptional(gate.Ratio, "Ratio"))
            .Add(ParameterWriter.WriteOptional(gate.Release, "Release"))
            .Add(ParameterWriter.WriteOptional(gate.Threshold, "Threshold")),
        _ => builder,
    };

    private static XElement WriteBand(DawEqualizerBand band) => new ElementBuilder("Band")
        .Word("type", DawWords.BandTypes, (DawEqualizerBandType?)band.Type)
        .Integer("order", band.Order)
        .Add(ParameterWriter.Write(band.Frequency, "Freq"))
        .Add(ParameterWriter.WriteOptional(band.Gain, "Gain"))
        .Add(ParameterWriter.WriteOptional(band.Q, "Q"))
        .Add(ParameterWriter.WriteOptional(band.Enabled, "Enabled"))
        .Finish(band);
}
