using System.CommandLine;
using Loophole.Cluster.Trust;

namespace Loophole.Pulse;

/// <summary><c>pulse key</c>: join keys.</summary>
internal static class KeyLine
{
    public static Command Make(Option<bool> verbose)
    {
        var output = new Option<string>("--out") { Description = "The file to write; only its owner may read it. Nothing is overwritten.", Required = true };
        var create = new Command("new", "Make a join key: nodes that have it trust each other.") { output };
        create.SetAction((parsed, _) => Shell.RunAsync(parsed.GetValue(verbose), async _ =>
        {
            var path = Path.GetFullPath(parsed.GetValue(output)!);
            JoinKey.Create().WriteTo(path);
            await Console.Out.WriteLineAsync($"{path}: a new join key. Give it only to machines that may join, and only where nobody else can read it.");
            return ExitCode.Done;
        }));
        return new Command("key", "Join keys.") { create };
    }
}
