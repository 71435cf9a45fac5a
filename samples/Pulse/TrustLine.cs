using System.CommandLine;
using Loophole.Cluster.Trust;

namespace Loophole.Pulse;

/// <summary>The command line of <c>pulse trust</c>.</summary>
internal static class TrustLine
{
    public static Command Make(Option<string> store, Option<bool> json, Option<bool> verbose)
    {
        var list = new Command("list", "Show who is known, and the rules.") { store, json };
        Run(list, (command, _, token) => command.ListAsync(token));

        var peer = new Argument<string>("PEER") { Description = "A name, or the first digits of a fingerprint." };
        var kind = new Option<PeerKind?>("--kind") { Description = "Where it is: Lan, or Cloud." };
        var peerProjects = new Option<string?>("--projects") { Description = "Projects it may be sent parts of: NAME,NAME… or all." };
        var accept = new Command("accept", "Trust a node that waits, or was revoked.") { peer, kind, peerProjects, store, json };
        Run(accept, (command, parsed, token) => command.AcceptAsync(parsed.GetValue(peer)!, parsed.GetValue(kind), Scope(parsed.GetValue(peerProjects)), token));

        var revoke = new Command("revoke", "Trust a node no longer; what it has open is cut at once.") { peer, store, json };
        Run(revoke, (command, parsed, token) => command.RevokeAsync(parsed.GetValue(peer)!, token));

        var join = new Option<JoinRule?>("--join") { Description = "How unknown nodes may join: WithKey, ByAcceptance, or Nobody." };
        var cloud = new Option<bool?>("--cloud") { Description = "Whether nodes in the cloud may take part: true or false." };
        var projects = new Option<string?>("--projects") { Description = "Projects of which parts may leave the host: NAME,NAME… or all." };
        var rules = new Command("rules", "Change what goes for all nodes.") { join, cloud, projects, store, json };
        Run(rules, (command, parsed, token) => command.ChangeRulesAsync(parsed.GetValue(join), parsed.GetValue(cloud), Scope(parsed.GetValue(projects)), token));

        return new Command("trust", "Whom Pulse, or a Signal with its --store, trusts.") { list, accept, revoke, rules };

        void Run(Command command, Func<TrustCommand, ParseResult, CancellationToken, Task> action) =>
            command.SetAction((parsed, token) => Shell.RunAsync(parsed.GetValue(verbose), async loggers =>
            {
                await using var open = JsonTrustStore.Open(parsed.GetValue(store)!, loggers);
                await action(new TrustCommand(open, parsed.GetValue(json)), parsed, token);
                return ExitCode.Done;
            }));
    }

    private static ProjectScope? Scope(string? names) => names switch
    {
        null => null,
        "all" => ProjectScope.All,
        _ => ProjectScope.Only(names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
    };
}
