using System.Globalization;
using System.Text.RegularExpressions;
using Loophole.Tests;

namespace Loophole.Architecture.Tests;

/// <summary>Every log event has an id of its own, in its assembly's range, and a line in <c>docs/telemetry.md</c> with its level.</summary>
public sealed partial class LogIdTests
{
    private static readonly Dictionary<string, int> Thousand = new()
    {
        ["Loophole.Cluster.Protocol"] = 1,
        ["Loophole.Cluster"] = 2,
        ["Loophole.Cluster.Tcp"] = 3,
        ["Loophole.Cluster.Quic"] = 4,
    };

    [Fact]
    public void Every_event_is_in_the_documentation_and_nothing_else_is()
    {
        var documented = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "telemetry.md"))
            .Select(line => DocumentedEvent().Match(line)).Where(match => match.Success)
            .Select(match => (Number(match), match.Groups["level"].Value));
        Assert.Equal(Events().Select(e => (e.Id, e.Level)).Order(), documented.Order());
    }

    [Fact]
    public void Every_event_has_an_id_of_its_own_in_the_range_of_its_assembly()
    {
        var events = Events().ToArray();
        Assert.NotEmpty(events);
        Assert.Empty(events.GroupBy(e => e.Id).Where(same => same.Count() > 1).Select(same => same.Key));
        Assert.All(events, e => Assert.Equal(Thousand[e.Project], e.Id / 1000));
    }

    private static IEnumerable<(string Project, int Id, string Level)> Events() =>
        from project in Directory.GetDirectories(Path.Combine(Repository.Root, "src"))
        from file in Directory.GetFiles(project, "*.cs", SearchOption.AllDirectories)
        from match in Event().Matches(File.ReadAllText(file))
        select (Path.GetFileName(project), Number(match), match.Groups["level"].Value);

    private static int Number(Match match) => int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\[LoggerMessage\((?<id>[0-9]+), LogLevel\.(?<level>[A-Za-z]+),")]
    private static partial Regex Event();

    [GeneratedRegex(@"^\| (?<id>[0-9]+) \| (?<level>[A-Za-z]+) \|")]
    private static partial Regex DocumentedEvent();
}
