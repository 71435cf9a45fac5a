using System.CommandLine;
using Loophole.Bench.Cluster;

var satellites = new Option<int>("--satellites") { Description = "Satellites.", DefaultValueFactory = _ => 64 };
var seconds = new Option<int>("--seconds") { Description = "How long is measured, in each round.", DefaultValueFactory = _ => 20 };
var rounds = new Option<int>("--rounds") { Description = "Rounds.", DefaultValueFactory = _ => 3 };
var serve = new Option<int>("--serve") { Description = "Only be so many satellites, until standard input ends.", Hidden = true };
var root = new RootCommand("Measures what a Pulse takes of a processor core that has many satellites registered: found, let in, heart-beating, asked how they are, and planned for. The satellites are real ones, in a process of their own; they render nothing.") { satellites, seconds, rounds, serve };
root.SetAction(async (parsed, token) =>
{
    if (parsed.GetValue(serve) is var count and > 0)
    {
        await SatelliteHouse.RunAsync(count, token);
        return;
    }

    await PulseLoad.RunAsync(parsed.GetValue(satellites), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(rounds), token);
});
return await root.Parse(args).InvokeAsync();
