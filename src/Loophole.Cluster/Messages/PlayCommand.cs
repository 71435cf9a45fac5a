using System.Collections.Immutable;
using Loophole.Cluster.Live;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Planning;

namespace Loophole.Cluster.Messages;

/// <summary><c>playback.start</c> (host only): play on a device. Positions follow as events, or a failure.</summary>
/// <param name="Start">What is played. Its output path is where to record, or empty.</param>
/// <param name="LeadFrames">How far is rendered ahead at first; up to the format's lead when that turns out to be too little.</param>
/// <param name="LiveId">The subgraph that is rendered in the callback and makes the output (<c>cluster.deployLive</c>), or <see langword="null"/> when all is rendered ahead.</param>
/// <param name="Inputs">What is done with what the device hears.</param>
/// <param name="NoteTakes">What is recorded of the device's MIDI input.</param>
/// <param name="Returns">What is live hears these signals later than they are made.</param>
/// <param name="Device">The device (<c>AudioDeviceInfo.Id</c>).</param>
/// <param name="DeviceBlockFrames">Block size to ask it for; 0 for its own.</param>
internal sealed record PlayCommand(StartCommand Start, int LeadFrames, string? LiveId, ImmutableArray<InputRoute> Inputs, ImmutableArray<NoteRoute> NoteTakes, ImmutableArray<PlanReturn> Returns, string Device, int DeviceBlockFrames)
{
    /// <summary>The most inputs: each is kept in memory.</summary>
    public const int MaxInputs = 256;

    /// <summary>Input channels that the device is to have.</summary>
    public int DeviceInputChannels => Inputs.SelectMany(input => input.DeviceChannels).Select(channel => channel + 1).DefaultIfEmpty(0).Max();

    /// <summary>What contradicts itself here, or <see langword="null"/>.</summary>
    /// <param name="live">What was made ready to be rendered in the callback, or <see langword="null"/>.</param>
    public string? FindFault(LiveCohort? live)
    {
        if (Inputs.Contains(null!) || !Inputs.All(input => input.IsSane) || Inputs.Where(input => input.SignalId >= 0).GroupBy(input => input.SignalId).Any(same => same.Count() > 1))
        {
            return "An input is none, or two are one signal.";
        }

        if (NoteTakes.Contains(null!) || !NoteTakes.All(take => take.IsSane))
        {
            return "A take of notes is none.";
        }

        if (Inputs.Length + NoteTakes.Length > MaxInputs)
        {
            return $"{Inputs.Length + NoteTakes.Length} inputs are too many; {MaxInputs} are possible.";
        }

        if (!Start.Format.IsSane)
        {
            return Start.FindFault([]);
        }

        if (LeadFrames < 1 || LeadFrames > Start.Format.LeadFrames || LeadFrames % Start.Format.BlockFrames != 0)
        {
            return $"A lead of {LeadFrames} frames is no part of {Start.Format.LeadFrames} in whole blocks.";
        }

        if (LiveId is null)
        {
            return Start.FindFault([]);
        }

        if (live?.Plan.Id != LiveId)
        {
            return $"Subgraph {LiveId} is not ready to be rendered in the callback.";
        }

        var made = Start.Routes.SelectMany(route => route.Outputs).DistinctBy(stream => stream.SignalId).ToDictionary(stream => stream.SignalId, stream => stream.AudioChannels);
        return live.Output.Id != Start.OutputSignalId ? $"Subgraph {LiveId} makes another signal than the output."
            : !live.Plan.Inputs.All(IsThere) ? "A signal that is read is not made, or has another width."
            : Start.FindFault(live.Plan.Outputs);

        bool IsThere(PlanSignal read) =>
            Inputs.Any(input => input.SignalId == read.Id && input.AudioChannels == read.AudioChannels)
            || Returns.Any(heard => heard.Signal == read && heard.DelayFrames >= 1 && heard.DelayFrames <= Start.Format.SampleRate * GraphPlanner.MaxLatencySeconds && made.GetValueOrDefault(heard.SourceId) == read.AudioChannels)
            || made.GetValueOrDefault(read.Id) == read.AudioChannels;
    }
}
