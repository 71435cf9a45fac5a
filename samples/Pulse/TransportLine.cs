using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Loophole.Cluster.Endpoint;
using Microsoft.Extensions.Logging;

namespace Loophole.Pulse;

/// <summary>The command line of <c>pulse transport</c>, for a Pulse that is served.</summary>
internal static class TransportLine
{
    public static Command Make(Option<string> store, Option<bool> json, Option<bool> verbose)
    {
        var to = new Argument<double>("SECONDS") { Description = "Where to, in seconds of the project; 0 or more." };
        to.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<double>() is not (>= 0 and < 1e6))
            {
                result.AddError("SECONDS is 0 to 1000000.");
            }
        });
        return new Command("transport", "Play, pause and locate what a served Pulse plays.")
        {
            Make("state", "Show where playing is.", (client, _, token) => client.ReadTransportAsync(token)),
            Make("play", "Let project time run.", (client, _, token) => client.SetPlayingAsync(true, cancellationToken: token)),
            Make("pause", "Let project time stand still.", (client, _, token) => client.SetPlayingAsync(false, cancellationToken: token)),
            Make("stop", "Let project time stand still where playing started.", (client, _, token) => client.SetPlayingAsync(false, returns: true, token)),
            Make("seek", "Go elsewhere.", (client, parsed, token) => SeekAsync(client, parsed.GetValue(to), token), to),
        };

        Command Make(string name, string what, Func<PulseClient, ParseResult, CancellationToken, Task<TransportState>> ask, params Argument[] arguments)
        {
            var command = new Command(name, what) { store, json };
            Array.ForEach(arguments, command.Add);
            command.SetAction((parsed, token) => Shell.RunAsync(parsed.GetValue(verbose), loggers => RunAsync(parsed.GetValue(store)!, parsed.GetValue(json), client => ask(client, parsed, token), loggers, token)));
            return command;
        }
    }

    private static async Task<TransportState> SeekAsync(PulseClient client, double seconds, CancellationToken cancellationToken)
    {
        var state = await client.ReadTransportAsync(cancellationToken);
        return await client.SeekAsync(PlayArguments.Frames(seconds, state.SampleRate), cancellationToken);
    }

    private static async Task<int> RunAsync(string store, bool json, Func<PulseClient, Task<TransportState>> ask, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var state = await ServedPulse.AskAsync(store, ask, loggers, cancellationToken) ?? throw ServedPulse.NotServed(store);
        Console.Out.WriteLine(json
            ? JsonSerializer.Serialize(state, ReportJson.Default.TransportState)
            : string.Create(CultureInfo.InvariantCulture, $"{(state.IsPlaying ? "playing" : "standing")} at {(double)state.ProjectFrame / state.SampleRate:0.000} s, {state.AheadFrames * 1e3 / state.SampleRate:0} of {state.LeadFrames * 1e3 / state.SampleRate:0} ms ahead, {state.LateBlocks} late blocks, {state.Xruns} xruns"));
        return ExitCode.Done;
    }
}
