using System.CommandLine;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Transports;

namespace Loophole.Pulse;

/// <summary>The command line of <c>pulse play</c>; what it shares with the others is handed in.</summary>
internal static class PlayLine
{
    public static Command Make(
        Argument<string> project,
        Option<int> satellites,
        Option<string?> nodes,
        Option<TransportChoice> transport,
        Option<bool> insecure,
        Option<int> workers,
        Option<DistributionPolicy> policy,
        Option<int> rate,
        Option<double> tail,
        Option<int> lostAfter,
        Option<string> store,
        Option<string?> joinFile,
        Option<bool> json,
        Option<bool> verbose)
    {
        var device = new Option<string?>("--device") { Description = "The device, as `pulse devices` calls it. Default: the first one that is there; null makes no sound, wav:PATH plays into a WAV file." };
        var block = new Option<int>("--block") { Description = "Block size of the device in frames, 16 to 8192; 0 for its own. Never changes the sound." };
        var lead = new Option<int>("--lead") { Description = "How far is rendered ahead, in ms, 50 to 60000.", DefaultValueFactory = _ => 1_000 };
        var mostLead = new Option<int>("--most-lead") { Description = "How far may be rendered ahead when that turns out to be too little, in ms, 50 to 60000; less than --lead means as much.", DefaultValueFactory = _ => 5_000 };
        var start = new Option<double>("--start") { Description = "Where to start, in seconds of the project." };
        var preRoll = new Option<double>("--pre-roll") { Description = "How much earlier it starts, in seconds, there and whenever it goes on after a pause; 0 to 600." };
        var loop = new Option<string?>("--loop") { Description = "What to repeat: FROM-TO in seconds of the project, such as 1.5-4." };
        var length = new Option<double?>("--for") { Description = "How long to play, in seconds. Default: to the end, or for ever in a loop." };
        var reaction = new Option<int>("--reaction") { Description = "How far ahead of what is heard a change (pause, locate, …) takes effect, in ms, 10 to 60000. What cannot be rendered in that time is silent until it is.", DefaultValueFactory = _ => 250 };
        var gestureLead = new Option<int>("--gesture-lead") { Description = "How much later than it is made a movement of a parameter is heard, in ms, 50 to 60000.", DefaultValueFactory = _ => 100 };
        var script = new Option<string?>("--script") { Description = "A file of what to do meanwhile, one JSON object per line, such as {\"at\":2,\"do\":\"locate\",\"to\":7.5}." };
        var record = new Option<string?>("--record") { Description = "A WAV file (32-bit float) for what is heard." };
        var takes = new Option<string?>("--takes") { Description = "A folder for what Channels hear of the device (`session --input`), a WAV file each: `render --takes` hears them in its place." };
        var log = new Option<string?>("--log") { Description = "A file for what happened: `render --events` makes the same samples of it." };
        Numbers.Check(block, 0, 8192);
        Numbers.Check(lead, 50, 60_000);
        Numbers.Check(mostLead, 50, 60_000);
        Numbers.Check(reaction, 10, 60_000);
        Numbers.Check(gestureLead, 50, 60_000);
        Numbers.Check(start, 0, 1e6);
        Numbers.Check(preRoll, 0, 600);
        var play = new Command("play", "Play a project on an audio device. On a terminal: " + PlayKeys.Help + ".")
        {
            project, device, block, lead, mostLead, reaction, gestureLead, start, preRoll, loop, length, script, record, log, takes, satellites, nodes, transport, insecure, workers, policy, rate, tail, lostAfter, store, joinFile, json,
        };
        play.SetAction((parsed, token) => Shell.RunAsync(parsed.GetValue(verbose), loggers => PlayCommand.RunAsync(
            parsed.GetValue(project)!,
            DistributionChoice.Apply(new RenderArguments
            {
                Satellites = parsed.GetValue(satellites),
                Nodes = Shell.Places(parsed.GetValue(nodes)),
                Transport = parsed.GetValue(transport),
                Workers = parsed.GetValue(workers),
                Policy = parsed.GetValue(policy),
                SampleRate = parsed.GetValue(rate),
                TailSeconds = parsed.GetValue(tail),
                LostAfter = TimeSpan.FromMilliseconds(parsed.GetValue(lostAfter)),
                InsecureLoopback = parsed.GetValue(insecure),
                StoreFolder = parsed.GetValue(nodes) is not null || parsed.GetResult(store) is { Implicit: false } ? parsed.GetValue(store) : null,
                JoinFile = parsed.GetValue(joinFile),
                ProjectName = Path.GetFileNameWithoutExtension(parsed.GetValue(project)),
            }, parsed.GetValue(store)!, isLocal: false, parsed.GetResult(policy) is { Implicit: false }),
            new PlayArguments
            {
                Device = parsed.GetValue(device),
                DeviceBlockFrames = parsed.GetValue(block),
                LeadMilliseconds = parsed.GetValue(lead),
                MostLeadMilliseconds = parsed.GetValue(mostLead),
                StartSeconds = parsed.GetValue(start),
                PreRollSeconds = parsed.GetValue(preRoll),
                Loop = parsed.GetValue(loop),
                Seconds = parsed.GetValue(length),
                ReactionMilliseconds = parsed.GetValue(reaction),
                GestureLeadMilliseconds = parsed.GetValue(gestureLead),
                ScriptPath = parsed.GetValue(script),
                RecordPath = parsed.GetValue(record),
                LogPath = parsed.GetValue(log),
                TakesFolder = parsed.GetValue(takes),
            },
            parsed.GetValue(json),
            loggers,
            token)));
        return play;
    }
}
