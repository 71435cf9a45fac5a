using System.Collections.Immutable;
using System.Globalization;
using Spectre.Console;

namespace Loophole.Pulse;

/// <summary>Whom a Pulse has, for people.</summary>
internal static class ClusterTable
{
    /// <param name="console">Where it is shown.</param>
    /// <param name="nodes">Who is in the session.</param>
    /// <param name="candidates">Who was found and is not.</param>
    public static void Show(IAnsiConsole console, ImmutableArray<ClusterNodeReport> nodes, ImmutableArray<CandidateReport> candidates)
    {
        var table = new Table().AddColumns("node", "role", "health", "load", "round trip", "reason");
        foreach (var node in nodes)
        {
            table.AddRow(
                Markup.Escape(node.Name),
                $"{node.Role} ({node.Kind})",
                node.Health.ToString(),
                node.Telemetry is { } told ? told.RenderLoad.ToString("P0", CultureInfo.InvariantCulture) : "",
                node.Telemetry is { } asked ? string.Create(CultureInfo.InvariantCulture, $"{asked.RoundTrip.TotalMilliseconds:0.0} ms") : "",
                Markup.Escape(node.Reason));
        }

        console.Write(table);
        foreach (var candidate in candidates)
        {
            console.WriteLine($"not in the session: {candidate.Name}: {candidate.Reason}");
        }
    }
}
