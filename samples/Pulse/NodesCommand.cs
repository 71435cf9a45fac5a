using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Loophole.Cluster.Discovery;
using Loophole.Cluster.Endpoint;
using Spectre.Console;

namespace Loophole.Pulse;

/// <summary><c>pulse nodes</c>: who tells the network that he is a Signal, or a Pulse, and whom the Pulse that is served has.</summary>
internal sealed class NodesCommand(INodeDiscovery discovery, NodeService service, bool json)
{
    /// <summary>Shows whom a served Pulse has, without looking.</summary>
    public void Show(ClusterStatus served)
    {
        var report = new NodesReport(0, []) { Session = [.. served.Cluster.Nodes.Select(ClusterNodeReport.Of)], Candidates = [.. served.Candidates.Select(CandidateReport.Of)] };
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.NodesReport));
        }
        else
        {
            ClusterTable.Show(Terminal.For(json: false), report.Session.Value, report.Candidates.Value);
        }
    }

    public async Task<int> ListAsync(double seconds, CancellationToken cancellationToken)
    {
        var nodes = new Dictionary<(string Name, string? Id), NodeListing>();
        await foreach (var sighting in LookAsync(seconds, cancellationToken))
        {
            var node = NodeListing.Of(sighting.Node);
            if (sighting.Change == NodeChange.Gone)
            {
                nodes.Remove((node.Name, node.Id));
            }
            else
            {
                nodes[(node.Name, node.Id)] = node;
            }
        }

        Show(new NodesReport(seconds, [.. nodes.Values.OrderBy(node => node.Name, StringComparer.Ordinal).ThenBy(node => node.Id, StringComparer.Ordinal)]));
        return ExitCode.Done;
    }

    public async Task<int> WatchAsync(double? seconds, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var sighting in LookAsync(seconds, cancellationToken))
            {
                Show(new NodeChangeReport(TimeProvider.System.GetUtcNow(), sighting.Change, sighting.Reason, NodeListing.Of(sighting.Node)));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Watched for long enough.
        }

        return ExitCode.Done;
    }

    /// <summary>What is seen for so long, or until somebody ends it.</summary>
    private async IAsyncEnumerable<NodeSighting> LookAsync(double? seconds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(seconds is { } given ? TimeSpan.FromSeconds(given) : Timeout.InfiniteTimeSpan);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        await using var sightings = discovery.BrowseAsync(service, ending.Token).GetAsyncEnumerator(ending.Token);
        while (await NextAsync())
        {
            yield return sightings.Current;
        }

        async Task<bool> NextAsync()
        {
            try
            {
                return await sightings.MoveNextAsync();
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    private void Show(NodesReport report)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.NodesReport));
            return;
        }

        var console = Terminal.For(json: false);
        if (report.Nodes.IsEmpty)
        {
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"No {service} told of itself within {report.Seconds} s."));
            return;
        }

        var table = new Table().AddColumns("name", "id", "role", "kind", "protocol", "endpoints");
        foreach (var node in report.Nodes)
        {
            table.AddRow(
                Markup.Escape(node.Name),
                node.Id ?? "",
                node.Role?.ToString() ?? "",
                node.Kind?.ToString() ?? "",
                node.Protocol.ToString(CultureInfo.InvariantCulture),
                Markup.Escape(string.Join('\n', node.EndPoints)));
        }

        console.Write(table);
        foreach (var node in report.Nodes.Where(node => !node.SameIdAs.IsEmpty))
        {
            console.WriteLine($"{node.Name} says the same id as {string.Join(", ", node.SameIdAs)}");
        }
    }

    private void Show(NodeChangeReport report)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.NodeChangeReport));
            return;
        }

        var reason = report.Change == NodeChange.Gone ? $" ({report.Reason})" : "";
        Terminal.For(json: false).WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{report.Time:HH:mm:ss.fff} {report.Change}{reason} {report.Node.Name} {report.Node.Id} {report.Node.Role} {string.Join(' ', report.Node.EndPoints)}"));
    }
}
