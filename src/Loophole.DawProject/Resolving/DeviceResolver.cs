using System.Collections.Immutable;
using System.Globalization;
using Loophole.Cluster.Graph;

namespace Loophole.DawProject.Resolving;

/// <summary>Turns devices into nodes: built-in ones into processors, all others into stacks with one missing variant that keeps everything.</summary>
internal sealed class DeviceResolver(DawProjectFile file, ReportLog reports, ParameterRegistry parameters)
{
    /// <summary>The longest attack of a limiter that can be meant as its look-ahead, seconds.</summary>
    private const double LongestLookAhead = 0.1;

    private readonly List<string> _missing = [];
    private readonly HashSet<string> _missingSeen = new(StringComparer.Ordinal);
    private long _stateBytes;

    public ImmutableArray<string> MissingPlugins => [.. _missing];

    public async Task ResolveAsync(ChannelPlan channel, CancellationToken cancellationToken)
    {
        var devices = channel.Channel?.Devices ?? [];
        for (var index = 0; index < devices.Length; index++)
        {
            var device = devices[index];
            var id = channel.NodeId($"device:{(index + 1).ToString(CultureInfo.InvariantCulture)}");
            channel.HasInstrument |= LoopholeDevices.IsInstrument(device);
            channel.Devices.Add(ResolveProcessor(device, id) ?? await ResolveMissingAsync(device, id, cancellationToken).ConfigureAwait(false));
        }
    }

    private static string NameOf(DawDevice device) => string.IsNullOrEmpty(device.Name) ? device.DeviceName : device.Name;

    private NodePlan? ResolveProcessor(DawDevice device, string id)
    {
        var plan = device switch
        {
            DawEqualizer equalizer => ResolveEqualizer(equalizer, id),
            DawCompressor compressor => NodePlan.Processor(
                id,
                "compressor",
                NameOf(device),
                parameters.Add("threshold", ValueKind.Decibels, compressor.Threshold),
                parameters.Add("ratio", ValueKind.Ratio, compressor.Ratio),
                parameters.Add("attack", ValueKind.Plain, compressor.Attack),
                parameters.Add("release", ValueKind.Plain, compressor.Release),
                parameters.Add("inputGain", ValueKind.Decibels, compressor.InputGain),
                parameters.Add("outputGain", ValueKind.Decibels, compressor.OutputGain),
                parameters.Add("autoMakeup", ValueKind.Switch, compressor.AutoMakeup)),
            DawLimiter limiter => NodePlan.Processor(
                id,
                "limiter",
                NameOf(device),
                parameters.Add("threshold", ValueKind.Decibels, limiter.Threshold),
                parameters.Add("release", ValueKind.Plain, limiter.Release),
                parameters.Add("inputGain", ValueKind.Decibels, limiter.InputGain),
                parameters.Add("outputGain", ValueKind.Decibels, limiter.OutputGain),
                LookAhead(limiter)),
            DawNoiseGate => null,
            DawBuiltinDevice when LoopholeDevices.KindOf(device) is { } kind => ResolveOwn(device, id, kind),
            _ => null,
        };
        if (plan is not null && LoopholeDevices.KindOf(device) is null)
        {
            AddEnabled(device, plan.Slots);
        }

        return plan;
    }

    private void AddEnabled(DawDevice device, List<ParameterSlot> slots)
    {
        if (parameters.Add("enabled", ValueKind.Switch, device.Enabled) is { } enabled)
        {
            slots.Add(enabled);
        }

        if (device.Loaded == false)
        {
            reports.Add(DawProjectReportKind.Ignored, device, "The device is not active; audio passes through.");
            slots.RemoveAll(slot => slot.Name == "enabled");
            slots.Add(new ParameterSlot("enabled", 0));
        }
    }

    private NodePlan ResolveEqualizer(DawEqualizer equalizer, string id)
    {
        var slots = new List<ParameterSlot?>
        {
            parameters.Add("inputGain", ValueKind.Decibels, equalizer.InputGain),
            parameters.Add("outputGain", ValueKind.Decibels, equalizer.OutputGain),
        };
        for (var index = 0; index < equalizer.Bands.Length; index++)
        {
            var band = equalizer.Bands[index];
            var name = $"band{(index + 1).ToString(CultureInfo.InvariantCulture)}";
            slots.Add(new ParameterSlot($"{name}.type", (int)band.Type));
            slots.Add(parameters.Add($"{name}.frequency", ValueKind.Frequency, band.Frequency));
            slots.Add(parameters.Add($"{name}.gain", ValueKind.Decibels, band.Gain));
            slots.Add(parameters.Add($"{name}.q", ValueKind.Plain, band.Q));
            slots.Add(parameters.Add($"{name}.enabled", ValueKind.Switch, band.Enabled) ?? new ParameterSlot($"{name}.enabled", 1));
        }

        return NodePlan.Processor(id, "equalizer", NameOf(equalizer), [.. slots]);
    }

    /// <summary>The format's limiter has an attack; ours looks ahead by as much instead. Longer ones are no look-ahead.</summary>
    private ParameterSlot? LookAhead(DawLimiter limiter)
    {
        if (limiter.Attack?.Value is not { } attack)
        {
            return null;
        }

        var slot = parameters.Add("lookAhead", ValueKind.Plain, limiter.Attack, isFixed: true);
        if (attack is > 0 and <= LongestLookAhead)
        {
            return slot;
        }

        reports.Add(DawProjectReportKind.Approximated, limiter, "The attack is no possible look-ahead; the limiter uses its own.");
        return null;
    }

    private NodePlan ResolveOwn(DawDevice device, string id, string kind)
    {
        var plan = NodePlan.Processor(id, kind, NameOf(device));
        foreach (var parameter in device.Parameters)
        {
            var name = parameter.Name ?? "";
            if (LoopholeDevices.HasParameter(kind, name) && plan.Slots.TrueForAll(slot => slot.Name != name))
            {
                plan.Slots.Add(parameters.Add(name, ValueKind.Plain, parameter, LoopholeDevices.IsFixed(kind))!);
            }
            else
            {
                reports.Add(DawProjectReportKind.Ignored, parameter, $"The parameter is not one of {kind}, or is there twice; it is kept and has no effect.");
            }
        }

        if (LoopholeDevices.HasParameter(kind, "enabled") && plan.Slots.TrueForAll(slot => slot.Name != "enabled"))
        {
            AddEnabled(device, plan.Slots);
        }

        return plan;
    }

    private async Task<NodePlan> ResolveMissingAsync(DawDevice device, string id, CancellationToken cancellationToken)
    {
        var format = device switch
        {
            DawPlugin { Format: DawPluginFormat.Vst2 } => "vst2",
            DawPlugin { Format: DawPluginFormat.Vst3 } => "vst3",
            DawPlugin { Format: DawPluginFormat.Clap } => "clap",
            DawPlugin => "au",
            _ => "builtin",
        };
        var pluginId = device is DawNoiseGate ? "noiseGate" : string.IsNullOrEmpty(device.DeviceId) ? device.DeviceName : device.DeviceId;
        Report(device, format, pluginId);
        var state = await ReadStateAsync(device, cancellationToken).ConfigureAwait(false);
        var slots = SlotsOf(device);
        return new NodePlan(slots, settings => new StackNode
        {
            Id = id,
            Name = NameOf(device),
            Variants = [new PluginVariant { Format = format, PluginId = pluginId, Name = device.DeviceName, IsMissing = true, State = state, Parameters = settings }],
        });
    }

    private void Report(DawDevice device, string format, string pluginId)
    {
        if (device is not DawPlugin)
        {
            reports.Add(DawProjectReportKind.MissingDevice, device, "There is no such processor here; audio passes through, its parameters are kept.");
            return;
        }

        reports.Add(DawProjectReportKind.MissingDevice, device, "The plugin is missing; audio passes through, its state and automation are kept.");
        var name = $"{device.DeviceName} ({format} {pluginId})";
        if (_missingSeen.Add(name))
        {
            _missing.Add(name);
        }
    }

    private List<ParameterSlot> SlotsOf(DawDevice device)
    {
        var slots = new List<ParameterSlot>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var parameter in device.Parameters)
        {
            var name = parameter.ParameterId?.ToString(CultureInfo.InvariantCulture) ?? parameter.Name ?? parameter.Id ?? "";
            while (!seen.Add(name))
            {
                name += "'";
            }

            slots.Add(parameters.Add(name, ValueKind.Plain, parameter)!);
        }

        if (device is DawNoiseGate gate)
        {
            AddPresent(slots, "threshold", gate.Threshold);
            AddPresent(slots, "ratio", gate.Ratio);
            AddPresent(slots, "attack", gate.Attack);
            AddPresent(slots, "release", gate.Release);
            AddPresent(slots, "range", gate.Range);
        }

        AddPresent(slots, "enabled", device.Enabled);
        return slots;
    }

    private void AddPresent(List<ParameterSlot> slots, string name, DawParameter? parameter)
    {
        if (parameters.Add(name, ValueKind.Plain, parameter) is { } slot)
        {
            slots.Add(slot);
        }
    }

    private async Task<ImmutableArray<byte>> ReadStateAsync(DawDevice device, CancellationToken cancellationToken)
    {
        if (device.State is not { } state)
        {
            return [];
        }

        var length = state.External == true ? -1 : file.LengthOf(state.Path);
        if (length < 0)
        {
            reports.Add(DawProjectReportKind.MissingDevice, device, $"The state {ReportLog.Shorten(state.Path)} is not in the archive.");
            return [];
        }

        _stateBytes += length;
        if (length > DawProjectLimits.StateBytes || _stateBytes > DawProjectLimits.AllStateBytes)
        {
            throw new DawProjectException(DawProjectError.TooLarge, $"{file.Path}: the state {ReportLog.Shorten(state.Path)} of {device.Describe()} has {length} bytes; that is refused.");
        }

        try
        {
            var bytes = new MemoryStream();
            using (var stream = file.Open(state.Path))
            {
                await stream.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
            }

            return ImmutableArray.Create(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (Exception exception) when (Archive.ProjectArchive.IsDamage(exception))
        {
            throw new DawProjectException(DawProjectError.NotAnArchive, $"{file.Path}: the state {ReportLog.Shorten(state.Path)} of {device.Describe()} cannot be read ({exception.Message})", exception);
        }
    }
}
