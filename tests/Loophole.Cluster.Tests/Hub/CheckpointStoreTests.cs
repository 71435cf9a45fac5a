using System.Buffers;
using Loophole.Cluster.Hub;
using Loophole.Cluster.Links;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Rings;
using Loophole.Cluster.State;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tests.Hub;

public sealed class CheckpointStoreTests
{
    private static readonly SessionFormat Format = new(48_000, 64, 10_000, 1024, 128);
    private readonly CheckpointStore _store = new();
    private readonly Dictionary<int, HubSignal> _signals = new() { [0] = new(0, new FrameRing(1, Format.HubRingFrames, 0)), [1] = new(1, new FrameRing(1, Format.HubRingFrames, 0)) };
    private readonly HubSubgraph _subgraph;

    public CheckpointStoreTests() => _subgraph = new HubSubgraph(new SubgraphRoute("s", Guid.Empty, 1, 0, [new StreamRoute(0, 1, 0)], [new StreamRoute(1, 1, 1)]), Format, _signals, _store, () => { });

    [Fact]
    public void A_checkpoint_that_overtook_its_audio_counts_only_when_the_audio_is_there()
    {
        Receive(0, 64);
        _subgraph.Offer(new StateMessage("s", 1, 128, new byte[] { 1, 2 }));
        Assert.Equal(0, _store.Get("s").Position);
        Assert.Equal(0, _subgraph.Inputs[0].Released);

        Receive(64, 128);
        _subgraph.Settle();
        var (position, checkpoint) = _store.Get("s");
        Assert.Equal(128, position);
        Assert.Equal([1, 2], checkpoint);
        Assert.Equal(128, _subgraph.Inputs[0].Released);
    }

    [Fact]
    public void What_was_kept_stays_when_the_next_one_is_never_backed_by_audio()
    {
        Receive(0, 128);
        _subgraph.Offer(new StateMessage("s", 1, 128, new byte[] { 1 }));
        _subgraph.Offer(new StateMessage("s", 1, 256, new byte[] { 2 }));
        Assert.Equal(128, _store.Get("s").Position);
        _store.DropOffer("s");
        Assert.False(_store.TryKeep("s", 1024, out _));
        Assert.Equal([1], _store.Get("s").Checkpoint);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-64)]
    [InlineData(65)]
    [InlineData(10_000)]
    [InlineData(long.MaxValue)]
    public void A_checkpoint_where_there_can_be_none_is_a_violation(long position)
    {
        var refused = Assert.Throws<TransportException>(() => _subgraph.Offer(new StateMessage("s", 1, position, new byte[] { 1 })));
        Assert.Equal(TransportError.ProtocolViolation, refused.Error);
    }

    [Theory]
    [InlineData("s", 1, true)]
    [InlineData("s", 2, false)]
    [InlineData("t", 1, false)]
    public void Only_its_own_assignment_speaks_for_a_subgraph(string id, int epoch, bool owns) =>
        Assert.Equal(owns, _subgraph.Owns(new StateMessage(id, epoch, 128, default)));

    private void Receive(long start, long end) => _signals[1].Write(new AudioBlock(new AudioBlockHeader(1, 1, start, (int)(end - start), 1), ReadOnlySequence<byte>.Empty));
}
