using System.CommandLine;
using System.CommandLine.Invocation;
using Loophole.Cluster.Discovery;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Transports;
using Loophole.Pulse;

var satellites = new Option<int>("--satellites") { Description = "Satellites to start on this machine, 0 to 32." };
var nodes = new Option<string?>("--nodes") { Description = "Satellites that run already: HOST:PORT,HOST:PORT…" };
var local = new Option<bool>("--local") { Description = "Render on this machine's host Signal alone. The default without --satellites and --nodes." };
var insecure = new Option<bool>("--insecure-loopback") { Description = "Talk to all Signals without encryption, whoever they are. Loopback addresses only." };
var transport = new Option<TransportChoice>("--transport") { Description = "How Signals are reached and exchange audio: tcp, quic, or auto: what both sides have, tcp first.", DefaultValueFactory = _ => TransportChoice.Auto };
var store = new Option<string>("--store") { Description = "Folder of Pulse's identity and of whom it trusts.", DefaultValueFactory = _ => RenderSecurity.DefaultFolder };
var joinFile = new Option<string?>("--join-file") { Description = "File with the join key: --nodes that prove it, too, are trusted from then on." };
var workers = new Option<int>("--workers") { Description = "Render threads of each Signal that is started, 1 to 256.", DefaultValueFactory = _ => 1 };
var policy = new Option<DistributionPolicy>("--policy") { Description = "How much leaves the host.", DefaultValueFactory = _ => DistributionPolicy.Balanced };
var block = new Option<int>("--block") { Description = "Block size in frames, 16 to 8192. Never changes the sound.", DefaultValueFactory = _ => 256 };
var rate = new Option<int>("--rate") { Description = "Sample rate in Hz, 8000 to 384000.", DefaultValueFactory = _ => 48_000 };
var tail = new Option<double>("--tail") { Description = "Seconds after the end of the last clip, 0 to 600.", DefaultValueFactory = _ => 2 };
var frames = new Option<long?>("--frames") { Description = "Frames to render. Default: to the end of the last clip, and --tail." };
var events = new Option<string?>("--events") { Description = "An event log to render: one JSON object per line." };
var takes = new Option<string?>("--takes") { Description = "A folder of `play --takes`: what Channels heard of the device. Without it they hear nothing." };
var lostAfter = new Option<int>("--lost-after") { Description = "Silence in ms after which a Signal is given up, 200 to 600000.", DefaultValueFactory = _ => 5000 };
var json = new Option<bool>("--json") { Description = "Print one line of JSON on standard output; everything else goes to standard error." };
var verbose = new Option<bool>("--verbose") { Description = "Log to standard error.", Recursive = true };
Numbers.Check(satellites, 0, 32);
Numbers.Check(workers, 1, 256);
Numbers.Check(block, 16, 8192);
Numbers.Check(rate, 8_000, 384_000);
Numbers.Check(tail, 0, 600);
Numbers.Check(lostAfter, 200, 600_000);

var project = new Argument<string>("PROJECT") { Description = "A .dawproject file." };
var output = new Option<string>("--out") { Description = "The WAV file to write (32-bit float).", Required = true };
var folder = new Option<DirectoryInfo>("--out") { Description = "Folder for the project and the two files.", DefaultValueFactory = _ => new DirectoryInfo("loophole-demo") };
var demoSatellites = new Option<int>("--satellites") { Description = "Satellites to start, 1 to 32.", DefaultValueFactory = _ => 2 };
Numbers.Check(demoSatellites, 1, 32);

var demo = new Command("demo", "Make a project, render it on satellites and locally, and compare the two files.") { folder, demoSatellites, transport, workers, block, rate, json };
demo.SetAction((parsed, token) => Shell.RunAsync(parsed.GetValue(verbose), loggers => DemoCommand.RunAsync(
    parsed.GetValue(folder)!,
    new RenderArguments
    {
        Satellites = parsed.GetValue(demoSatellites),
        Transport = parsed.GetValue(transport),
        Workers = parsed.GetValue(workers),
        BlockFrames = parsed.GetValue(block),
        SampleRate = parsed.GetValue(rate),
    },
    parsed.GetValue(json),
    loggers,
    token)));

var render = new Command("render", "Render a project into a WAV file.") { project, output, local, satellites, nodes, transport, insecure, workers, policy, block, rate, tail, frames, events, takes, lostAfter, store, joinFile, json };
render.Validators.Add(parsed =>
{
    if (parsed.GetValue(local) && (parsed.GetValue(satellites) > 0 || parsed.GetValue(nodes) is not null))
    {
        parsed.AddError("--local excludes --satellites and --nodes.");
    }

    if (parsed.GetValue(insecure) && (parsed.GetValue(joinFile) is not null || parsed.GetResult(store) is { Implicit: false }))
    {
        parsed.AddError("--insecure-loopback asks nobody who it is, and excludes --store and --join-file.");
    }
});
render.SetAction((parsed, token) => Shell.RunAsync(parsed.GetValue(verbose), loggers => RenderCommand.RunAsync(
    parsed.GetValue(project)!,
    parsed.GetValue(output)!,
    DistributionChoice.Apply(new RenderArguments
    {
        Satellites = parsed.GetValue(satellites),
        Nodes = Shell.Places(parsed.GetValue(nodes)),
        Transport = parsed.GetValue(transport),
        Workers = parsed.GetValue(workers),
        Policy = parsed.GetValue(local) ? DistributionPolicy.Off : parsed.GetValue(policy),
        BlockFrames = parsed.GetValue(block),
        SampleRate = parsed.GetValue(rate),
        TailSeconds = parsed.GetValue(tail),
        Frames = parsed.GetValue(frames),
        EventLogPath = parsed.GetValue(events),
        TakesFolder = parsed.GetValue(takes),
        LostAfter = TimeSpan.FromMilliseconds(parsed.GetValue(lostAfter)),
        InsecureLoopback = parsed.GetValue(insecure),
        StoreFolder = parsed.GetValue(nodes) is not null || parsed.GetResult(store) is { Implicit: false } ? parsed.GetValue(store) : null,
        JoinFile = parsed.GetValue(joinFile),
        ProjectName = Path.GetFileNameWithoutExtension(parsed.GetValue(project)),
    }, parsed.GetValue(store)!, parsed.GetValue(local), parsed.GetResult(policy) is { Implicit: false }),
    parsed.GetValue(json),
    loggers,
    token)));

var inspect = new Command("inspect", "Show what is in a project.") { project, rate };
inspect.SetAction((parsed, token) => Shell.RunAsync(parsed.GetValue(verbose), _ => InspectCommand.RunAsync(parsed.GetValue(project)!, parsed.GetValue(rate), token)));

var devices = new Command("devices", "Show the audio devices of this machine, and why a kind of them is not available.") { json };
devices.SetAction((parsed, _) => Shell.RunAsync(parsed.GetValue(verbose), _ => Task.FromResult(DevicesCommand.Run(parsed.GetValue(json)))));

var discover = new Option<double>("--discover") { Description = "Seconds to look for, 0.1 to 86400. With --watch and without this, until Ctrl+C.", DefaultValueFactory = _ => 2 };
var watch = new Option<bool>("--watch") { Description = "Show each change as it happens: one line each, also of JSON." };
Numbers.Check(discover, 0.1, 86_400);
var pulses = new Option<bool>("--pulses") { Description = "Look for Pulses that are served, not for Signals." };
var find = new Command("nodes", "Show whom the Pulse that is served has and finds; where none is, or with an option, the Signals that tell the local network of themselves, by multicast DNS. What they say is not proven.") { discover, watch, pulses, store, json };
find.SetAction((parsed, token) => Shell.RunAsync(parsed.GetValue(verbose), async loggers =>
{
    await using var discovery = new MdnsDiscovery(loggers);
    var command = new NodesCommand(discovery, parsed.GetValue(pulses) ? NodeService.Pulse : NodeService.Signal, parsed.GetValue(json));
    if (!parsed.GetValue(watch) && !parsed.GetValue(pulses) && parsed.GetResult(discover) is not { Implicit: false }
        && await ServedPulse.AskAsync(parsed.GetValue(store)!, client => client.ReadStatusAsync(token), loggers, token) is { } served)
    {
        command.Show(served);
        return ExitCode.Done;
    }

    return await (!parsed.GetValue(watch) ? command.ListAsync(parsed.GetValue(discover), token)
        : command.WatchAsync(parsed.GetResult(discover) is { Implicit: false } ? parsed.GetValue(discover) : null, token));
}));

var play = PlayLine.Make(project, satellites, nodes, transport, insecure, workers, policy, rate, tail, lostAfter, store, joinFile, json, verbose);
var root = new RootCommand("Pulse: renders and plays a project on several Signals as if they were one.") { demo, render, play, devices, find, inspect, ServeLine.Make(satellites, transport, workers, rate, lostAfter, store, joinFile, json, verbose), TransportLine.Make(store, json, verbose), PlanLine.Make(project, policy, rate, store, json, verbose), SessionLine.Make(project, rate, json, verbose), ClusterLine.Make(store, json, verbose), TrustLine.Make(store, json, verbose), KeyLine.Make(verbose), verbose };
var parsed = root.Parse(args);
if (parsed.Action is ParseErrorAction refusal)
{
    // The message says what is wrong; the help would stand on standard output, where --json promises one line.
    refusal.ShowHelp = false;
}

var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
return parsed.Errors.Count > 0 ? ExitCode.BadInput : code;
