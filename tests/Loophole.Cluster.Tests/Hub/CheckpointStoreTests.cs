using System.Buffers;
using Loophole.Cluster.Hub;
using Loophole.Cluster.Links;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Rings;
using Loophole.Cluster.State;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tests.Hub;

public sealed class CheckpointStoreTests
{
    private static readonly SessionFormat Format = new(48_000, 64, 10_000, 1024, 128);
    private readonly CheckpointStore _store = new();
    private readonly Dictionary<int, HubSignal> _signals = new() { [0] = new(0, new FrameRing(1, Format.HubRingFrames, 0)), [1] = new(1, new FrameRing(1, Format.HubRingFrames, 0)) };
    private readonly HubSubgraph _subgraph;

    public CheckpointStoreTests()
    {
        _subgraph = new HubSubgraph(new SubgraphRoute("s", Guid.Empty, 1, 0, [new StreamRoute(0, 1, 0)], [new StreamRoute(1, 1, 1)]), Format, _signals, _store, new LinkPump(new ScriptedLink(), static () => false, static () => { }));
        _signals[1].Assign(_subgraph.Outputs[0], () => { });
    }

    [Fact]
    public void A_checkpoint_that_overtook_its_audio_counts_only_when_the_audio_is_there()
    {
        Receive(0, 64);
        _subgraph.Offer(new StateMessage("s", 1, 128, new byte[] { 1, 2 }));
        Assert.Equal(0, _store.Of("s").Newest().Position);
        Assert.Equal(0, _subgraph.Inputs[0].Released);

        Receive(64, 128);
        _subgraph.Settle();
        var (position, checkpoint) = _store.Of("s").Newest();
        Assert.Equal(128, position);
        Assert.Equal([1, 2], checkpoint);
        Assert.Equal(128, _subgraph.Inputs[0].Released);
    }

    [Fact]
    public void One_that_waits_for_its_audio_is_not_left_out_for_the_next()
    {
        _store.Floor = 300;
        _subgraph.Offer(new StateMessage("s", 1, 128, new byte[] { 1 }));
        _subgraph.Offer(new StateMessage("s", 1, 256, new byte[] { 2 }));
        _subgraph.Offer(new StateMessage("s", 1, 384, new byte[] { 3 }));
        Receive(0, 300);
        _subgraph.Settle();
        Assert.Equal((256L, 256L), (_store.Of("s").Newest().Position, _subgraph.Inputs[0].Released));
        Receive(300, 384);
        _subgraph.Settle();
        Assert.Equal([3], _store.Of("s").Newest().Checkpoint);
    }

    [Fact]
    public void A_node_that_is_far_ahead_of_its_audio_is_kept_no_more_than_some_checkpoints_of()
    {
        for (var frame = 128; frame <= 100 * 64; frame += 128)
        {
            _subgraph.Offer(new StateMessage("s", 1, frame, new byte[] { (byte)(frame / 128) }));
        }

        Receive(0, 1_024);
        _subgraph.Settle();
        Assert.Equal(1_024, _store.Of("s").Newest().Position);
        _store.Of("s").Settle(1, 10_000, long.MaxValue);
        Assert.Equal([50], _store.Of("s").Newest().Checkpoint);
    }

    [Fact]
    public void What_was_kept_stays_when_the_next_one_is_never_backed_by_audio()
    {
        Receive(0, 128);
        _subgraph.Offer(new StateMessage("s", 1, 128, new byte[] { 1 }));
        _subgraph.Offer(new StateMessage("s", 1, 256, new byte[] { 2 }));
        Assert.Equal(128, _store.Of("s").Newest().Position);
        _store.Of("s").Assign(2);
        _store.Of("s").Settle(2, 1024, long.MaxValue);
        Assert.Equal([1], _store.Of("s").Newest().Checkpoint);
    }

    [Fact]
    public void What_the_playhead_has_not_passed_stays_with_its_inputs()
    {
        _store.Floor = 0;
        for (var frame = 128; frame <= 512; frame += 128)
        {
            Receive(frame - 128, frame);
            _subgraph.Offer(new StateMessage("s", 1, frame, new byte[] { (byte)frame }));
        }

        Assert.Equal((512L, 128L), (_store.Of("s").Newest().Position, _subgraph.Inputs[0].Released));
        _store.Floor = 300;
        _subgraph.Settle();
        Assert.Equal((512L, 256L), (_store.Of("s").Newest().Position, _subgraph.Inputs[0].Released));
    }

    [Fact]
    public void After_a_cut_only_what_lies_before_it_counts_and_nobody_is_heard_until_somebody_is_assigned()
    {
        _store.Floor = 0;
        Receive(0, 384);
        _subgraph.Offer(new StateMessage("s", 1, 128, new byte[] { 1 }));
        _subgraph.Offer(new StateMessage("s", 1, 256, new byte[] { 2 }));
        _subgraph.Offer(new StateMessage("s", 1, 384, new byte[] { 3 }));
        _store.Of("s").Cut(300);
        _signals[1].Cut(300);
        Assert.Equal((256L, 300L), (_store.Of("s").Newest().Position, _signals[1].Ring.WriteFrame));
        Assert.Equal([2], _store.Of("s").Newest().Checkpoint);

        Receive(300, 640);
        _subgraph.Offer(new StateMessage("s", 1, 512, new byte[] { 4 }));
        Assert.Equal((256L, 300L), (_store.Of("s").Newest().Position, _signals[1].Ring.WriteFrame));

        _store.Of("s").Assign(2);
        _subgraph.Offer(new StateMessage("s", 1, 640, new byte[] { 5 }));
        _store.Of("s").Settle(2, 1_024, 0);
        Assert.Equal(256, _store.Of("s").Newest().Position);
    }

    [Fact]
    public void One_before_what_is_heard_is_found_as_long_as_nothing_later_is_heard()
    {
        var trail = _store.Of("s");
        Assert.Equal(0, trail.NewestUpTo(1_000).Position);
        foreach (var frame in new[] { 128, 256, 384 })
        {
            trail.Offer(1, frame, [(byte)frame]);
        }

        trail.Settle(1, 1_000, 0);
        // From scratch, as it began.
        Assert.Equal((0L, 0), (trail.NewestUpTo(127).Position, trail.NewestUpTo(127).Checkpoint.Length));
        Assert.Equal((256L, (byte)0), (trail.NewestUpTo(383).Position, trail.NewestUpTo(383).Checkpoint[0]));
        trail.Settle(1, 1_000, 256);
        Assert.Equal([256, 256, 384], new long[] { 256, 300, 384 }.Select(frame => trail.NewestUpTo(frame).Position));
    }

    [Fact]
    public void What_goes_on_from_elsewhere_never_begins_from_scratch()
    {
        var trail = _store.Of("left");
        trail.Begin(512, [7]);
        Assert.Equal((512L, (byte)7), (trail.NewestUpTo(100).Position, trail.NewestUpTo(100).Checkpoint[0]));
        trail.Assign(3);
        trail.Offer(3, 640, [8]);
        Assert.Equal(512, trail.Settle(3, 640, 100));
        Assert.Equal((512L, 640L), (trail.NewestUpTo(639).Position, trail.Newest().Position));
        trail.Cut(600);
        Assert.Equal([7], trail.Newest().Checkpoint);
    }

    [Fact]
    public void Audio_of_an_earlier_assignment_says_nothing_of_a_later_ones_checkpoints()
    {
        _store.Of("s").Cut(0);
        _store.Of("s").Assign(2);
        _store.Of("s").Offer(2, 256, [1]);
        _store.Of("s").Settle(1, 512, 0);
        Assert.Equal(0, _store.Of("s").Newest().Position);
        _store.Of("s").Settle(2, 512, 0);
        Assert.Equal(256, _store.Of("s").Newest().Position);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-64)]
    [InlineData(64)]
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

    private void Receive(long start, long end) => _signals[1].Write(_subgraph.Outputs[0], new AudioBlock(new AudioBlockHeader(1, 1, start, (int)(end - start), 1), ReadOnlySequence<byte>.Empty));
}
