using System.CommandLine;
using System.Text.Json;
using Loophole.Bench.Links;
using Loophole.Cluster.Links;
using Loophole.Cluster.Quic;

var carrier = new Option<Carrier>("--carrier");
var wait = new Option<WaitStrategy>("--wait");
var satellite = new Command("satellite", "The other process; started by the bench itself.") { carrier, wait };
satellite.Hidden = true;
satellite.SetAction((parsed, cancellationToken) => Satellite.RunAsync(parsed.GetValue(carrier), parsed.GetValue(wait), cancellationToken));

var bytes = new Argument<int>("bytes");
var bareQuic = new Command("bare-quic", "The other process of the bare stream; started by the bench itself.") { bytes };
bareQuic.Hidden = true;
bareQuic.SetAction((parsed, cancellationToken) => QuicTransport.IsSupported ? BareQuic.AnswerAsync(parsed.GetValue(bytes), cancellationToken) : Task.FromResult(1));

var streams = new Argument<int>("streams");
var channels = new Argument<int>("channels");
var frames = new Argument<int>("frames");
var bareSocket = new Command("bare-socket", "The other process of the floor in C#; started by the bench itself.") { streams, channels, frames };
bareSocket.Hidden = true;
bareSocket.SetAction((parsed, _) => BareSocket.AnswerAsync(new Shape(parsed.GetValue(streams) * parsed.GetValue(channels), parsed.GetValue(frames), parsed.GetValue(channels))));

var only = new Option<string>("--only") { Description = "One measure." };
only.AcceptOnlyFromAmong([.. Measures.Names]);
var sizes = new Option<string>("--size") { Description = "One size of exchange." };
sizes.AcceptOnlyFromAmong([.. Shape.All.Select(shape => shape.ToString())]);
var kinds = new Option<string[]>("--kind") { Description = "Ways of using a link, of those that exchanges compare." };
kinds.AcceptOnlyFromAmong([.. Measures.Kinds.Select(kind => kind.Name)]);
var quick = new Option<bool>("--quick") { Description = "Short runs, to see that it works; the figures mean little." };
var json = new Option<bool>("--json") { Description = "Writes JSON instead of a table." };
var rounds = new Option<int>("--rounds") { Description = "Rounds; the variants are interleaved within each.", DefaultValueFactory = _ => 5 };
var seconds = new Option<int>("--seconds") { Description = "How long duplex runs.", DefaultValueFactory = _ => 60 };
var root = new RootCommand("Measures audio links against C programs that exchange the same bytes, in interleaved rounds.") { only, sizes, kinds, quick, json, rounds, seconds, satellite, bareQuic, bareSocket };
root.SetAction(async (parsed, _) =>
{
    var plan = parsed.GetValue(quick)
        ? new Plan(3, 2_000, 0.5, 256, 5)
        : new Plan(parsed.GetValue(rounds), 20_000, 3, 1024, parsed.GetValue(seconds));
    var folder = Directory.CreateTempSubdirectory("loophole-bench-").FullName;
    var rows = new List<Row>();
    try
    {
        await using var measures = new Measures(await Floor.BuildAsync(Path.Combine(AppContext.BaseDirectory, "native", "pingpong.c"), folder), plan, [.. Shape.All.Where(shape => parsed.GetValue(sizes) is not { } chosen || chosen == shape.ToString())], [.. Measures.Kinds.Where(kind => parsed.GetValue(kinds) is not { Length: > 0 } chosen || chosen.Contains(kind.Name))]);
        if (QuicTransport.UnsupportedReason is { } reason)
        {
            await Console.Error.WriteLineAsync($"Without QUIC: {reason}");
        }

        if (!parsed.GetValue(json))
        {
            Console.WriteLine("| measure | size | median | range | target | |\n|---|---|---|---|---|---|");
        }

        foreach (var measure in Measures.Names.Where(name => parsed.GetValue(only) is not { } chosen || chosen == name))
        {
            await foreach (var row in measures.RunAsync(measure))
            {
                rows.Add(row);
                if (!parsed.GetValue(json))
                {
                    Console.WriteLine(row.ToMarkdown());
                }
            }
        }
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }

    if (parsed.GetValue(json))
    {
        Console.WriteLine(JsonSerializer.Serialize(rows));
    }

    return rows.All(row => row.IsMet) ? 0 : 1;
});
if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("LOOPHOLE_BENCH_PIN") is not null)
{
    System.Diagnostics.Process.GetCurrentProcess().ProcessorAffinity = args is ["satellite", ..] ? 2 : 1;
}

return await root.Parse(args).InvokeAsync();
