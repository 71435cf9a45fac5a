using System.CommandLine;
using Loophole.Cluster.Transports;
using Loophole.Signal;

var role = new Option<SignalRole>("--role") { Description = "host: where all audio converges, beside Pulse. satellite: renders what it is given.", Required = true };
var listen = new Option<string>("--listen") { Description = "Where Pulse and the host connect: HOST:PORT, the same port by every transport; port 0 for any free ones.", Required = true };
var transport = new Option<TransportChoice>("--transport") { Description = "What to offer and to dial by: tcp, quic, or auto: tcp, and quic too where this machine has it.", DefaultValueFactory = _ => TransportChoice.Auto };
var advertise = new Option<AdvertiseChoice>("--advertise") { Description = "Whether the local network is told of this Signal, by multicast DNS: always, never, or auto: unless it listens on loopback only.", DefaultValueFactory = _ => AdvertiseChoice.Auto };
var name = new Option<string?>("--name") { Description = "What to call this Signal. Default: the machine's name." };
var workers = new Option<int>("--workers") { Description = "Render threads, 1 to 256.", DefaultValueFactory = _ => 1 };
var cache = new Option<DirectoryInfo?>("--cache") { Description = "Folder where media is kept. Default: a folder in the user's cache." };
var cacheSize = new Option<long>("--cache-size") { Description = "The most the cache may hold, in MiB.", DefaultValueFactory = _ => 16_384 };
var store = new Option<DirectoryInfo?>("--store") { Description = "Folder of this Signal's identity and of whom it trusts. Default: a folder among the user's data." };
var ephemeral = new Option<bool>("--ephemeral") { Description = "An identity for this run only; nothing of it, and of whom it trusts, is kept." };
var joinFile = new Option<FileInfo?>("--join-file") { Description = "File with the join key: whoever proves it is trusted from then on." };
var joinInput = new Option<bool>("--join-stdin") { Description = "Read the join key from the first line of standard input." };
var insecure = new Option<bool>("--insecure-loopback") { Description = "Listen without encryption and trust whoever connects. Loopback addresses only." };
var withParent = new Option<bool>("--with-parent") { Description = "End when standard input is closed, that is with the process that started this one." };
var verbose = new Option<bool>("--verbose") { Description = "Log to standard error." };

var root = new RootCommand("Signal: the audio engine of a Loophole cluster, as host or satellite.")
{
    role, listen, transport, advertise, name, workers, cache, cacheSize, store, ephemeral, joinFile, joinInput, insecure, withParent, verbose,
};
root.Validators.Add(parsed =>
{
    if (parsed.GetValue(insecure) && (parsed.GetValue(store) is not null || parsed.GetValue(ephemeral) || parsed.GetValue(joinFile) is not null || parsed.GetValue(joinInput)))
    {
        parsed.AddError("--insecure-loopback asks nobody who it is, and excludes --store, --ephemeral, --join-file and --join-stdin.");
    }

    if (parsed.GetValue(store) is not null && parsed.GetValue(ephemeral))
    {
        parsed.AddError("--ephemeral keeps nothing, and excludes --store.");
    }

    if (parsed.GetValue(joinFile) is not null && parsed.GetValue(joinInput))
    {
        parsed.AddError("--join-file excludes --join-stdin.");
    }
});
root.SetAction((parsed, cancellationToken) => SignalProgram.RunAsync(
    new SignalArguments(
        parsed.GetValue(role),
        parsed.GetValue(listen)!,
        parsed.GetValue(transport),
        parsed.GetValue(advertise),
        parsed.GetValue(name),
        parsed.GetValue(workers),
        parsed.GetValue(cache),
        parsed.GetValue(cacheSize),
        parsed.GetValue(insecure),
        parsed.GetValue(store),
        parsed.GetValue(ephemeral),
        parsed.GetValue(joinFile),
        parsed.GetValue(joinInput),
        parsed.GetValue(withParent),
        parsed.GetValue(verbose)),
    cancellationToken));
var parsed = root.Parse(args);
// With a parent, Ctrl+C is the parent's to answer: the terminal sends it to both.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = parsed.GetValue(withParent) ? null : TimeSpan.FromSeconds(5) });
