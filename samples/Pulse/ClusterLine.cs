using System.CommandLine;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Settings;

namespace Loophole.Pulse;

/// <summary>The command line of <c>pulse cluster</c>.</summary>
internal static class ClusterLine
{
    public static Command Make(Option<string> store, Option<bool> json, Option<bool> verbose)
    {
        var project = new Option<string?>("--project") { Description = "For this project alone, by its file's name without the extension." };
        var policy = new Option<DistributionPolicy?>("--policy") { Description = "How much leaves the host: PreferLocal, Balanced, or AggressiveOffload." };
        policy.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<DistributionPolicy?>() == DistributionPolicy.Off)
            {
                result.AddError("--policy Off is what `pulse cluster off` is for.");
            }
        });
        var node = new Argument<string>("NODE") { Description = "The name of a node." };
        var forProject = new Argument<string>("PROJECT") { Description = "The name of a project: its file's, without the extension." };
        var channel = new Argument<string>("CHANNEL") { Description = "A Channel of it, by id, or by a name that only one has." };

        var anyNode = new Argument<string?>("NODE") { Description = "The name of a node; all of them without it.", Arity = ArgumentArity.ZeroOrOne };

        var status = new Command("status", "Show what is set, and where a Pulse is served, who is in the session, how he is, and why others are not.") { store, json };
        Run(status, (command, _, token) => command.ShowAsync(token));
        var on = new Command("on", "Distribute projects to the nodes that are found.") { project, policy, store, json };
        Run(on, (command, parsed, token) => command.ChangeAsync(new SettingsChange { Project = parsed.GetValue(project), IsOn = true, Policy = parsed.GetValue(policy) }, token));
        var off = new Command("off", "Render everything on this machine. The default.") { project, store, json };
        Run(off, (command, parsed, token) => command.ChangeAsync(new SettingsChange { Project = parsed.GetValue(project), IsOn = false }, token));
        var pin = new Command("pin", "Let a Channel run on a certain node.") { forProject, channel, node, store, json };
        Run(pin, (command, parsed, token) => command.ChangeAsync(new SettingsChange { Project = parsed.GetValue(forProject), Channel = parsed.GetValue(channel), PinnedTo = parsed.GetValue(node) }, token));
        var unpin = new Command("unpin", "Let a Channel run anywhere again.") { forProject, channel, store, json };
        Run(unpin, (command, parsed, token) => command.ChangeAsync(new SettingsChange { Project = parsed.GetValue(forProject), Channel = parsed.GetValue(channel) }, token));
        var exclude = new Command("exclude", "Give nothing to a node.") { node, store, json };
        Run(exclude, (command, parsed, token) => command.ChangeAsync(new SettingsChange { Exclude = parsed.GetValue(node) }, token));
        var include = new Command("include", "Give work to a node again.") { node, store, json };
        Run(include, (command, parsed, token) => command.ChangeAsync(new SettingsChange { Include = parsed.GetValue(node) }, token));
        var retry = new Command("retry", "Let the served Pulse try nodes that are not in the session now, and give work again to those from which it was taken back.") { anyNode, store, json };
        Run(retry, (command, parsed, token) => command.RetryAsync(parsed.GetValue(anyNode), token));
        var takeBack = new Command("take-back", "Let the served Pulse take work back from a node, or all of it to this machine, until `cluster retry`.") { anyNode, store, json };
        Run(takeBack, (command, parsed, token) => command.TakeBackAsync(parsed.GetValue(anyNode), token));
        return new Command("cluster", "What is distributed, and where to. Goes to the Pulse that is served (`pulse serve`), if there is one.") { status, on, off, pin, unpin, exclude, include, retry, takeBack };

        void Run(Command command, Func<ClusterCommand, ParseResult, CancellationToken, Task> action) =>
            command.SetAction((parsed, token) => Shell.RunAsync(parsed.GetValue(verbose), async loggers =>
            {
                await action(new ClusterCommand(parsed.GetValue(store)!, parsed.GetValue(json), loggers), parsed, token);
                return ExitCode.Done;
            }));
    }
}
