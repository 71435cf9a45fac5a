using System.CommandLine;
using Loophole.Cluster.Placement;

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

        var status = new Command("status", "Show what is set.") { store, json };
        Run(status, (command, _, _) => command.ShowAsync());
        var on = new Command("on", "Distribute projects to the nodes that are found.") { project, policy, store, json };
        Run(on, (command, parsed, token) => command.SwitchAsync(true, parsed.GetValue(project), parsed.GetValue(policy), token));
        var off = new Command("off", "Render everything on this machine. The default.") { project, store, json };
        Run(off, (command, parsed, token) => command.SwitchAsync(false, parsed.GetValue(project), null, token));
        var pin = new Command("pin", "Let a Channel run on a certain node.") { forProject, channel, node, store, json };
        Run(pin, (command, parsed, token) => command.PinAsync(parsed.GetValue(forProject)!, parsed.GetValue(channel)!, parsed.GetValue(node)!, token));
        var unpin = new Command("unpin", "Let a Channel run anywhere again.") { forProject, channel, store, json };
        Run(unpin, (command, parsed, token) => command.PinAsync(parsed.GetValue(forProject)!, parsed.GetValue(channel)!, null, token));
        var exclude = new Command("exclude", "Give nothing to a node.") { node, store, json };
        Run(exclude, (command, parsed, token) => command.ExcludeAsync(parsed.GetValue(node)!, true, token));
        var include = new Command("include", "Give work to a node again.") { node, store, json };
        Run(include, (command, parsed, token) => command.ExcludeAsync(parsed.GetValue(node)!, false, token));
        return new Command("cluster", "What is distributed, and where to.") { status, on, off, pin, unpin, exclude, include };

        void Run(Command command, Func<ClusterCommand, ParseResult, CancellationToken, Task> action) =>
            command.SetAction((parsed, token) => Shell.RunAsync(parsed.GetValue(verbose), async _ =>
            {
                await action(new ClusterCommand(parsed.GetValue(store)!, parsed.GetValue(json)), parsed, token);
                return ExitCode.Done;
            }));
    }
}
