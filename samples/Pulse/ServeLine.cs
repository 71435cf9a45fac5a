using System.CommandLine;
using Loophole.Cluster.Transports;

namespace Loophole.Pulse;

/// <summary>The command line of <c>pulse serve</c>; what it shares with the others is handed in.</summary>
internal static class ServeLine
{
    public static Command Make(
        Option<int> satellites, Option<TransportChoice> transport, Option<int> workers, Option<int> rate, Option<int> lostAfter, Option<string> store, Option<string?> joinFile, Option<bool> json, Option<bool> verbose)
    {
        var project = new Argument<string?>("PROJECT") { Description = "A .dawproject file to play; without it only the cluster is served.", Arity = ArgumentArity.ZeroOrOne };
        var device = new Option<string?>("--device") { Description = "The device, as `pulse devices` calls it. Default: the first one that is there." };
        var block = new Option<int>("--block") { Description = "Block size of the device in frames, 16 to 8192; 0 for its own. Never changes the sound." };
        var lead = new Option<int>("--lead") { Description = "How far is rendered ahead, in ms, 50 to 60000.", DefaultValueFactory = _ => 1_000 };
        var record = new Option<string?>("--record") { Description = "A WAV file (32-bit float) for what is heard, silence included." };
        var log = new Option<string?>("--log") { Description = "A file for what happened: `render --events` makes the same samples of it." };
        Numbers.Check(block, 0, 8192);
        Numbers.Check(lead, 50, 60_000);
        var serve = new Command("serve", "Keep Pulse running until Ctrl+C: it finds nodes, lets them in, and plays a project as `pulse transport` says. `pulse cluster` and `pulse transport` talk to it.")
        {
            project, device, block, lead, record, log, satellites, transport, workers, rate, lostAfter, store, joinFile, json,
        };
        serve.SetAction((parsed, token) => Shell.RunAsync(parsed.GetValue(verbose), loggers => ServeCommand.RunAsync(
            parsed.GetValue(project),
            new RenderArguments
            {
                Satellites = parsed.GetValue(satellites),
                FindsNodes = true,
                Transport = parsed.GetValue(transport),
                Workers = parsed.GetValue(workers),
                SampleRate = parsed.GetValue(rate),
                LostAfter = TimeSpan.FromMilliseconds(parsed.GetValue(lostAfter)),
                StoreFolder = parsed.GetValue(store),
                JoinFile = parsed.GetValue(joinFile),
                ProjectName = parsed.GetValue(project) is { } path ? Path.GetFileNameWithoutExtension(path) : null,
            },
            new PlayArguments
            {
                Device = parsed.GetValue(device),
                DeviceBlockFrames = parsed.GetValue(block),
                LeadMilliseconds = parsed.GetValue(lead),
                RecordPath = parsed.GetValue(record),
                LogPath = parsed.GetValue(log),
                Seconds = double.PositiveInfinity,
                StartsPaused = true,
            },
            parsed.GetValue(json),
            loggers,
            token)));
        return serve;
    }
}
