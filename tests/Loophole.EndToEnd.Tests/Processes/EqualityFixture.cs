using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

/// <summary>One project and the hash of its local render, for every test of equality, and a folder that no other class uses.</summary>
public sealed class EqualityFixture(ReferenceRenders references) : IAsyncLifetime
{
    internal TestFolder Folder { get; } = new();

    internal string Project { get; private set; } = "";

    internal RenderOutcome Local { get; private set; } = null!;

    /// <summary>Frames that every subgraph renders: the output and the latency before it.</summary>
    internal long EndFrames { get; private set; }

    public async ValueTask InitializeAsync() => (Project, Local, EndFrames) = await references.SmallAsync();

    public ValueTask DisposeAsync()
    {
        Folder.Dispose();
        return default;
    }

    /// <summary>Nobody was lost, and every node rendered each of its subgraphs to the end.</summary>
    internal void Counts(RenderOutcome outcome, int blockFrames)
    {
        var blocks = (EndFrames + blockFrames - 1) / blockFrames;
        Assert.Equal(0, outcome.Failovers);
        Assert.All(outcome.Nodes, node =>
        {
            Assert.Equal("", node.Lost);
            Assert.True(node.Subgraphs > 0, $"{node.Name} has no subgraph.");
            Assert.Equal(node.Subgraphs * blocks, node.Blocks);
        });
    }
}
