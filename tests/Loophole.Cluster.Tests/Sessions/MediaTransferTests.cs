using Loophole.Cluster.Media;
using Loophole.Cluster.Sessions;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tests.Sessions;

public sealed class MediaTransferTests
{
    private static readonly int[] Lengths = [1, 65_536, 65_537, 3_000_000];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly FakeMedia _here = new();
    private readonly FakeMedia _there = new();

    [Fact]
    public async Task Assets_of_any_size_arrive_through_a_small_pipe()
    {
        var random = new Random(17);
        var assets = Lengths.Select(length =>
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            return _here.Add(bytes);
        }).ToArray();
        Assert.Null(await TransferAsync(assets));
        Assert.Equal(assets, _there.Imported);
    }

    [Fact]
    public async Task An_asset_that_changed_on_the_way_is_refused()
    {
        var asset = _here.Add(new byte[1000]);
        _here.Flip = 1;
        var failure = Assert.IsType<MediaException>(await TransferAsync([asset]));
        Assert.Equal(MediaError.Corrupt, failure.Error);
        Assert.Contains(asset.Hex, failure.Message, StringComparison.Ordinal);
        Assert.Empty(_there.Imported);
    }

    [Fact]
    public async Task A_cancelled_transfer_stores_nothing()
    {
        var (near, far) = await Pipes.ChannelsAsync(ChannelPurpose.Media, pauseThreshold: 4096);
        using var cancelling = new CancellationTokenSource();
        var sending = MediaTransfer.SendAsync(near, _here, [_here.Add(new byte[1_000_000])], Patience, TimeProvider.System, cancelling.Token);
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(sending));
        near.Abort("cancelled");
        await Assert.ThrowsAsync<TransportException>(() => Wait.For(MediaTransfer.ReceiveAsync(far, _there, Wait.Token)));
        Assert.Empty(_there.Imported);
    }

    [Fact]
    public async Task A_receiver_that_goes_is_a_lost_channel_and_no_cancellation()
    {
        var (near, far) = await Pipes.ChannelsAsync(ChannelPurpose.Media, pauseThreshold: 4096);
        var sending = MediaTransfer.SendAsync(near, _here, [_here.Add(new byte[1_000_000])], Patience, TimeProvider.System, Wait.Token);
        far.Abort("gone");
        await Assert.ThrowsAsync<TransportException>(() => Wait.For(sending));
    }

    [Fact]
    public async Task A_receiver_that_stays_but_takes_nothing_is_given_up()
    {
        var (near, _) = await Pipes.ChannelsAsync(ChannelPurpose.Media, pauseThreshold: 4096);
        var sending = MediaTransfer.SendAsync(near, _here, [_here.Add(new byte[1_000_000])], TimeSpan.FromMilliseconds(50), TimeProvider.System, Wait.Token);
        var failure = await Assert.ThrowsAsync<TransportException>(() => Wait.For(sending));
        Assert.Equal(TransportError.Unreachable, failure.Error);
    }

    private async Task<Exception?> TransferAsync(IEnumerable<MediaId> assets)
    {
        var (near, far) = await Pipes.ChannelsAsync(ChannelPurpose.Media, pauseThreshold: 8192);
        var receiving = MediaTransfer.ReceiveAsync(far, _there, Wait.Token);
        var failure = await Record.ExceptionAsync(() => Wait.For(MediaTransfer.SendAsync(near, _here, assets, Patience, TimeProvider.System, Wait.Token)));
        await near.DisposeAsync();
        await Wait.For(receiving);
        return failure;
    }
}
