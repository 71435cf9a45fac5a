using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using Loophole.DawProject;
using Spectre.Console;

namespace Loophole.Pulse;

/// <summary><c>pulse session</c>: what belongs to a project but has no place in its file.</summary>
internal static class SessionLine
{
    public static Command Make(Argument<string> project, Option<int> rate, Option<bool> json, Option<bool> verbose)
    {
        var live = new Option<string[]>("--live") { Description = "Render this Channel, by id or name, in the audio callback whenever the project is played, and with it all that it feeds." };
        var ahead = new Option<string[]>("--ahead") { Description = "Render this Channel ahead of what is heard again." };
        var session = new Command("session", "Show or change what is kept beside a project (PROJECT.session.json): what DAWproject has no word for.") { project, live, ahead, rate, json };
        session.SetAction((parsed, token) => Shell.RunAsync(parsed.GetValue(verbose), _ => RunAsync(
            parsed.GetValue(project)!, parsed.GetValue(live) ?? [], parsed.GetValue(ahead) ?? [], parsed.GetValue(rate), parsed.GetValue(json), token)));
        return session;
    }

    private static async Task<int> RunAsync(string projectPath, string[] live, string[] ahead, int sampleRate, bool json, CancellationToken cancellationToken)
    {
        var project = await Project.OpenAsync(projectPath, sampleRate, Project.OpenMedia(), cancellationToken);
        var before = await ProjectSession.ReadAsync(projectPath, cancellationToken);
        var session = before;
        foreach (var (name, isLive) in live.Select(name => (name, true)).Concat(ahead.Select(name => (name, false))))
        {
            var said = session.Channels.ContainsKey(name);
            if (ProjectSession.Find(project.Graph, name, out var fault) < 0 && (isLive || !said))
            {
                throw new ArgumentException(fault);
            }

            session = session.With(name, (said ? session.Channels[name] : new ChannelSession()) with { ForceLive = isLive });
        }

        if (session != before)
        {
            await session.WriteAsync(projectPath, cancellationToken);
        }

        Show(session, json);
        return ExitCode.Done;
    }

    private static void Show(ProjectSession session, bool json)
    {
        var report = new SessionReport([.. session.Channels.Where(said => said.Value.ForceLive).Select(said => said.Key)]);
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.SessionReport));
            return;
        }

        Terminal.For(json).WriteLine(report.Live.IsEmpty ? "Everything is rendered ahead." : $"Rendered in the audio callback, with all that they feed: {string.Join(", ", report.Live)}");
    }
}

/// <summary>What <c>session --json</c> prints.</summary>
/// <param name="Live">The Channels that are rendered in the audio callback, as they were named.</param>
internal sealed record SessionReport(ImmutableArray<string> Live);
