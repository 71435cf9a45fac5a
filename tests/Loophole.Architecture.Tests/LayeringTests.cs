using System.Xml.Linq;
using Loophole.Tests;

namespace Loophole.Architecture.Tests;

public sealed class LayeringTests
{
    // The whole architecture: a source project may reference only what stands on its line.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Loophole.Cluster.Abstractions"] = [],
        ["Loophole.Cluster.Protocol"] = ["Loophole.Cluster.Abstractions"],
        ["Loophole.Cluster.Tcp"] = ["Loophole.Cluster.Abstractions", "Loophole.Cluster.Protocol"],
        ["Loophole.Cluster.Quic"] = ["Loophole.Cluster.Abstractions", "Loophole.Cluster.Protocol"],
        ["Loophole.Cluster.TestKit"] = ["Loophole.Cluster.Abstractions", "Loophole.Cluster.Protocol"],
        ["Loophole.Cluster"] = ["Loophole.Cluster.Abstractions", "Loophole.Cluster.Protocol"],
        ["Loophole.Engine"] = ["Loophole.Cluster.Abstractions"],
        ["Loophole.Devices"] = ["Loophole.Cluster.Abstractions"],
        ["Loophole.DawProject"] = ["Loophole.Cluster.Abstractions"],
    };

    public static TheoryData<string> Projects =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(p => Path.GetFileNameWithoutExtension(p))];

    [Theory, MemberData(nameof(Projects))]
    public void A_source_project_references_only_the_layers_below_it(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"{project} has no line in the table: decide its layer first.");
        Assert.Empty(References(Path.Combine(Repository.Root, "src", project, project + ".csproj")).Except(allowed));
    }

    [Fact]
    public void The_table_has_no_circle_and_no_dead_line()
    {
        var done = new HashSet<string>();
        while (Allowed.Keys.FirstOrDefault(p => !done.Contains(p) && Allowed[p].All(done.Contains)) is { } next)
        {
            done.Add(next);
        }

        Assert.Equal(Allowed.Count, done.Count);
        Assert.Equal(Allowed.Keys.Order(), Projects.Select(p => p.Data).Order());
    }

    [Fact]
    public void Samples_are_referenced_by_nobody_but_their_own_tests()
    {
        var references = Directory.GetFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Where(p => !p.Contains($"{Path.DirectorySeparatorChar}tests{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(p => XDocument.Load(p).Descendants("ProjectReference"))
            .Where(r => (string?)r.Attribute("ReferenceOutputAssembly") != "false")
            .Select(r => (string)r.Attribute("Include")!)
            .Where(r => r.Contains("samples", StringComparison.Ordinal));
        Assert.Empty(references);
    }

    private static IEnumerable<string> References(string project) => XDocument.Load(project).Descendants("ProjectReference")
        .Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/')));
}
