using System.CommandLine;
using Loophole.Cluster.Placement;

namespace Loophole.Pulse;

/// <summary>The command line of <c>pulse plan</c>.</summary>
internal static class PlanLine
{
    public static Command Make(Argument<string> project, Option<DistributionPolicy> policy, Option<int> rate, Option<string> store, Option<bool> json, Option<bool> verbose)
    {
        var cluster = new Option<string?>("--cluster") { Description = "A file that describes the nodes (JSON, see docs/placement.md). Without it, the cluster of the Pulse that is served, as it is set; where none is, this machine alone." };
        var explain = new Option<bool>("--explain") { Description = "Say of every step of the plan where it would run, and why." };
        var plan = new Command("plan", "Show where a project would be rendered, without rendering it.") { project, cluster, policy, explain, rate, store, json };
        plan.SetAction((parsed, token) => Shell.RunAsync(parsed.GetValue(verbose), loggers => PlanCommand.RunAsync(
            parsed.GetValue(project)!, parsed.GetValue(cluster), parsed.GetValue(policy), parsed.GetResult(policy) is { Implicit: false }, parsed.GetValue(explain), parsed.GetValue(rate), parsed.GetValue(store)!, parsed.GetValue(json), loggers, token)));
        return plan;
    }
}
