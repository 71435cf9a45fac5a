using System.Text.RegularExpressions;
using Loophole.Cluster.TestKit;
using Loophole.Cluster.TestKit.Impairment;
using Loophole.Tests;

namespace Loophole.Samples.CustomTransport.Tests;

/// <summary>The tutorial's code is the sample's, and the cases it cites exist.</summary>
[Collection(nameof(UnixSocketConformanceTests))]
public sealed partial class DocumentationTests
{
    private static readonly string[] Folders = ["samples/CustomTransport", "tests/CustomTransport.Tests"];

    private static string Tutorial => File.ReadAllText(Path.Combine(Repository.Root, "docs/writing-a-transport.md"));

    [Fact]
    public void Every_snippet_stands_in_the_sample_or_its_tests()
    {
        string[] sources = [.. Folders
            .SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.cs"))
            .Where(file => !file.EndsWith(nameof(DocumentationTests) + ".cs", StringComparison.Ordinal))
            .Select(file => Normalize(File.ReadAllText(file)))];
        var snippets = Snippet().Matches(Tutorial).Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(snippets);
        Assert.All(snippets, snippet => Assert.True(sources.Any(source => source.Contains(Normalize(snippet), StringComparison.Ordinal)), $"In no source:\n{snippet}"));
    }

    [Fact]
    public void Every_case_that_is_cited_exists()
    {
        var known = TransportSuite.Cases.Select(c => c.Id).Concat(RelaySuite.Cases.Select(c => c.Id)).ToHashSet();
        var cited = CaseId().Matches(Tutorial).Select(match => match.Value).Distinct().ToArray();
        Assert.NotEmpty(cited);
        Assert.All(cited, id => Assert.Contains(id, known));
    }

    /// <summary>Snippets stand at the left margin, the sources may be deeper.</summary>
    private static string Normalize(string text) => string.Join('\n', text.ReplaceLineEndings("\n").Trim().Split('\n').Select(line => line.Trim()));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();

    [GeneratedRegex(@"\b(LINK|XPRT|CTRL|FAULT|RES)-\d{3}\b")]
    private static partial Regex CaseId();
}
