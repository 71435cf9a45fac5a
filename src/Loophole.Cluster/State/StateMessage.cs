namespace Loophole.Cluster.State;

/// <summary>What travels on the <c>state</c> channel. To a Signal: begin, from this checkpoint or (empty) from scratch. To the host: <see cref="Ready"/>, then checkpoints.</summary>
/// <param name="SubgraphId">The subgraph.</param>
/// <param name="Epoch">Its assignment; a message of another epoch is ignored.</param>
/// <param name="Position">Render frame.</param>
/// <param name="Checkpoint">What the renderer saved; the reader's buffer, valid until it reads on.</param>
internal readonly record struct StateMessage(string SubgraphId, int Epoch, long Position, ReadOnlyMemory<byte> Checkpoint)
{
    /// <summary>A node's first message: the host's link is open at this end too, and subgraphs can be deployed.</summary>
    public static StateMessage Ready { get; } = new("", 0, 0, ReadOnlyMemory<byte>.Empty);

    public bool IsReady => SubgraphId.Length == 0;
}
