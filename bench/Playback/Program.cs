using System.CommandLine;
using Loophole.Bench.Playback;

var device = new Option<string>("--device") { Description = "null, or a device of JACK, whose server must run.", DefaultValueFactory = _ => "null", Recursive = true };
var block = new Option<int>("--block") { Description = "Block size of the device, in frames.", DefaultValueFactory = _ => 256, Recursive = true };
var tracks = new Option<int>("--tracks") { Description = "Tracks of the project.", DefaultValueFactory = _ => 16, Recursive = true };
var lead = new Option<int>("--lead") { Description = "How far is rendered ahead, in ms; a quarter of it is how long a satellite may be silent.", DefaultValueFactory = _ => 4_000, Recursive = true };
var live = new Option<bool>("--live") { Description = "Every fourth track hears the device and is rendered in the callback, but for its fader, which is an insert of 6 blocks.", Recursive = true };
var seconds = new Option<double>("--seconds") { Description = "How long each performance is traced, or measured before and after.", DefaultValueFactory = _ => 5, Recursive = true };
var rounds = new Option<int>("--rounds") { Description = "Rounds; the conditions are interleaved within each.", DefaultValueFactory = _ => 5 };
var minutes = new Option<double>("--minutes") { Description = "How long to play.", DefaultValueFactory = _ => 60 };
var name = new Option<string>("--name") { DefaultValueFactory = _ => "flood" };

var trace = new Command("trace", "Which system calls the audio thread makes inside the callback, by strace.");
trace.SetAction((parsed, _) => Trace.RunAsync(SceneOf(parsed), parsed.GetValue(seconds)));
var soak = new Command("soak", "Plays for a long time: late blocks against a timer that does nothing, heap, threads, handles.") { minutes };
soak.SetAction((parsed, _) => Soak.RunAsync(SceneOf(parsed), parsed.GetValue(minutes)));
var flood = new Command("flood", "A satellite that floods; started by the bench itself.") { name };
flood.Hidden = true;
flood.SetAction((parsed, cancellationToken) => Flood.RunAsync(parsed.GetValue(name)!, cancellationToken));
var root = new RootCommand("Measures the audio callback of a host before and after its two satellites are stopped, cut or begin to flood, in interleaved rounds.") { device, block, tracks, lead, live, seconds, rounds, trace, soak, flood };
root.SetAction((parsed, _) => Durations.RunAsync(SceneOf(parsed), parsed.GetValue(rounds), parsed.GetValue(seconds)));
return await root.Parse(args).InvokeAsync();

Scene SceneOf(ParseResult parsed) => new(parsed.GetValue(device)!, parsed.GetValue(block), parsed.GetValue(tracks), 2, TimeSpan.FromMilliseconds(parsed.GetValue(lead)), parsed.GetValue(live));
