using Loophole.Cluster.Graph;

namespace Loophole.DawProject.Resolving;

/// <summary>Finds the Channels of a project, in the order of the file, with what is fixed about them.</summary>
internal sealed class StructureResolver(string file, ReportLog reports, ParameterRegistry parameters)
{
    private const int MaxAudioChannels = 64;

    private readonly Dictionary<string, ChannelPlan> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TrackContent> _contents = new(StringComparer.Ordinal);
    private readonly HashSet<string> _controllers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);

    /// <summary>All Channels, also those that turn out not to be needed.</summary>
    public List<ChannelPlan> Channels { get; } = [];

    /// <summary>What each track plays, by the track's identifier.</summary>
    public IReadOnlyDictionary<string, TrackContent> Contents => _contents;

    public void Resolve(DawProjectDocument document)
    {
        if (document.Structure.IsEmpty)
        {
            throw new DawProjectException(DawProjectError.NothingToRender, $"{file}: {document.Describe()} has no track: nothing to render.");
        }

        foreach (var lane in document.Structure)
        {
            if (lane is DawTrack track)
            {
                AddTrack(track);
            }
            else
            {
                AddChannel((DawChannel)lane, null, new TrackContent());
            }
        }
    }

    /// <summary>The Channel that an identifier names: its own, or that of a track.</summary>
    public ChannelPlan? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Whether an identifier names a channel that only controls others.</summary>
    public bool IsController(string id) => _controllers.Contains(id);

    private void AddTrack(DawTrack track)
    {
        var content = new TrackContent();
        if (!string.IsNullOrEmpty(track.Id))
        {
            _contents.TryAdd(track.Id, content);
        }

        if (track.Channel is { } channel)
        {
            AddChannel(channel, track, content);
        }
        else
        {
            Channels.Add(new ChannelPlan
            {
                Key = UniqueKey($"track:{track.Id ?? $"#{Channels.Count}"}"),
                Source = track,
                Name = track.Name ?? "",
                IsOptional = true,
                Content = content,
            });
        }

        foreach (var inner in track.Tracks)
        {
            AddTrack(inner);
        }
    }

    private void AddChannel(DawChannel channel, DawTrack? track, TrackContent content)
    {
        if (channel.Role == DawMixerRole.Vca)
        {
            reports.Add(DawProjectReportKind.Ignored, channel, "VCA channels are kept and have no effect; what names one as its destination feeds the master.");
            Register(_controllers.Add, channel.Id, track?.Id);
            return;
        }

        if (channel.AudioChannels is { } width and (< 1 or > MaxAudioChannels))
        {
            throw new DawProjectException(DawProjectError.BadValue, $"{file}: {channel.Describe()} has {width} audio channels; 1 to {MaxAudioChannels} are possible.");
        }

        var plan = new ChannelPlan
        {
            Key = UniqueKey(string.IsNullOrEmpty(channel.Id) ? $"#{Channels.Count}" : channel.Id),
            Source = string.IsNullOrEmpty(channel.Name) && !string.IsNullOrEmpty(track?.Name) ? track : channel,
            Name = channel.Name ?? track?.Name ?? "",
            Role = RoleOf(channel, track),
            AudioChannels = channel.AudioChannels ?? 2,
            Channel = channel,
            Content = content,
            Volume = parameters.Add("volume", ValueKind.Gain, channel.Volume),
            Mute = parameters.Add("mute", ValueKind.Switch, channel.Mute),
            Pan = parameters.Add("position", ValueKind.Position, channel.Pan),
        };
        Register(id => _byId.TryAdd(id, plan), channel.Id, track?.Id);
        AddSends(plan, channel);
        if (track?.Loaded == false)
        {
            reports.Add(DawProjectReportKind.Ignored, track, "The track is not active; it is muted.");
            plan.HoldMuted();
        }

        Channels.Add(plan);
    }

    private void AddSends(ChannelPlan plan, DawChannel channel)
    {
        for (var index = 0; index < channel.Sends.Length; index++)
        {
            var send = channel.Sends[index];
            var level = parameters.Add(SendNode.LevelParameter, ValueKind.Gain, send.Volume)!;
            if (send.Enable?.Value == false)
            {
                reports.Add(DawProjectReportKind.Ignored, send, "The send is switched off; its level is 0.");
                level.Hold(0);
            }

            if (send.Pan is { Value: { } value } pan && UnitConversion.Convert(ValueKind.Position, pan.Unit, value, pan) != 0)
            {
                reports.Add(DawProjectReportKind.Ignored, send, "The pan of a send is kept and not applied.");
            }

            plan.Sends.Add(new SendPlan(plan.NodeId($"send:{index + 1}"), send, level));
        }
    }

    private static void Register(Func<string, bool> add, params ReadOnlySpan<string?> ids)
    {
        foreach (var id in ids)
        {
            if (!string.IsNullOrEmpty(id))
            {
                add(id);
            }
        }
    }

    private static ChannelRole RoleOf(DawChannel channel, DawTrack? track) => channel.Role switch
    {
        DawMixerRole.Master => ChannelRole.Master,
        DawMixerRole.Effect => ChannelRole.Effect,
        DawMixerRole.Submix => ChannelRole.Submix,
        null when track?.ContentTypes.Contains(DawContentType.Tracks) == true => ChannelRole.Submix,
        _ => ChannelRole.Regular,
    };

    private string UniqueKey(string key)
    {
        while (!_keys.Add(key))
        {
            key += "'";
        }

        return key;
    }
}
