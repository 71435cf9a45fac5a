using System.Text.RegularExpressions;
using Loophole.Cluster.TestKit.Impairment;
using Loophole.Cluster.TestKit.Rendering;
using Loophole.Tests;

namespace Loophole.Cluster.TestKit.Tests;

/// <summary>The cases of all suites, and the documents that speak of them.</summary>
public sealed partial class CatalogueTests
{
    /// <summary>Id, title and source of every case, suite after suite.</summary>
    private static readonly (string Id, string Title, string Source)[] All =
    [
        .. TransportSuite.Cases.Select(c => (c.Id, c.Title, c.Source)),
        .. RelaySuite.Cases.Select(c => (c.Id, c.Title, c.Source)),
        .. ProcessorSuite.Cases.Select(c => (c.Id, c.Title, c.Source)),
        .. RendererSuite.Cases.Select(c => (c.Id, c.Title, c.Source)),
    ];

    [Fact]
    public void Ids_are_unique_and_ordered_within_their_group()
    {
        var ids = All.Select(c => c.Id).ToArray();
        Assert.Equal(ids.Distinct(), ids);
        foreach (var group in ids.GroupBy(id => id.Split('-')[0]))
        {
            Assert.Equal(group.Order(StringComparer.Ordinal), group);
        }
    }

    [Fact]
    public void The_document_lists_every_case_and_no_other()
    {
        var listed = File.ReadLines(Path.Combine(Repository.Root, "docs", "conformance.md")).Where(l => Row().IsMatch(l));
        Assert.Equal(All.Select(c => $"| {c.Id} | {c.Title} | {c.Source} |"), listed);
    }

    [Fact]
    public void Cases_cited_in_the_code_and_the_documents_exist()
    {
        var ids = All.Select(c => c.Id).ToHashSet();
        var groups = ids.Select(id => id.Split('-')[0]).ToHashSet();
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories));
        var cited = files
            .SelectMany(file => Citation().Matches(File.ReadAllText(file)).Select(m => (File: file, m.Groups[1].Value, Id: m.Value)))
            .Where(c => groups.Contains(c.Value))
            .ToArray();
        Assert.True(cited.Length > ids.Count, "The citations were not found.");
        Assert.DoesNotContain(cited, c => !ids.Contains(c.Id));
    }

    [Fact]
    public void Each_case_says_its_clause_as_a_sentence()
    {
        Assert.All(All, c => Assert.True(char.IsUpper(c.Title[0]) && c.Title.EndsWith('.'), c.Id));
    }

    [GeneratedRegex(@"^\| ([A-Z]+)-\d{3} \|")]
    private static partial Regex Row();

    [GeneratedRegex(@"\b([A-Z]{3,5})-\d{3}\b")]
    private static partial Regex Citation();
}
