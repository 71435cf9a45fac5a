using Loophole.Cluster.TestKit.Impairment;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Tests.Simulation;

/// <summary>What can befall a link, at its time and at its byte.</summary>
public sealed class FaultTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_stall_holds_everything_for_its_time_and_loses_nothing()
    {
        await using var scene = await SimScene.StartAsync();
        scene.There.Apply(Fault.Stall(Second));
        scene.Send(1, 2);
        scene.Clock.Advance(Second - TimeSpan.FromTicks(1));
        scene.Send(3);
        Assert.Empty(scene.Take());
        scene.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal([1, 2, 3], scene.Take());
    }

    [Fact]
    public async Task A_black_hole_tells_nobody_and_goes_on_when_it_ends()
    {
        await using var scene = await SimScene.StartAsync();
        scene.There.Apply(Fault.BlackHole);
        scene.Send(1);
        scene.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(scene.Take());
        Assert.False(scene.Near.Closed.IsCancellationRequested || scene.Far.Closed.IsCancellationRequested);
        scene.There.Apply(Fault.Resume);
        Assert.Equal([1], scene.Take());
    }

    [Fact]
    public async Task Connecting_into_a_black_hole_ends_at_the_deadline_by_name()
    {
        await using var scene = await SimScene.StartAsync();
        scene.There.Apply(Fault.BlackHole);
        var connecting = scene.Network.ConnectAsync(scene.Listener.LocalEndPoint, SimScene.Token).AsTask();
        var opening = scene.Near.OpenChannelAsync(ChannelPurpose.Media, SimScene.Token).AsTask();
        scene.Clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.False(connecting.IsCompleted || opening.IsCompleted);
        scene.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(TransportError.Unreachable, (await Assert.ThrowsAsync<TransportException>(() => SimScene.Wait.For(connecting))).Error);
        Assert.Equal(TransportError.Unreachable, (await Assert.ThrowsAsync<TransportException>(() => SimScene.Wait.For(opening))).Error);

        // The requests that come through at last find nobody who waits for them.
        scene.There.Apply(Fault.Resume);
        await using var near = await SimScene.Wait.For(scene.Near.OpenChannelAsync(ChannelPurpose.State, SimScene.Token));
        await using var far = await SimScene.Wait.For(scene.Far.AcceptChannelAsync(SimScene.Token));
        Assert.Equal(ChannelPurpose.State, far!.Purpose);
    }

    [Fact]
    public async Task A_cut_resets_both_ends_and_new_connections_can_be_made()
    {
        await using var scene = await SimScene.StartAsync();
        scene.There.Apply(Fault.Cut);
        await SimScene.Wait.For(scene.Near.Closed);
        await SimScene.Wait.For(scene.Far.Closed);
        foreach (var end in (IClusterConnection[])[scene.Near, scene.Far])
        {
            var lost = await Assert.ThrowsAsync<TransportException>(() => end.Control.Input.ReadAsync(SimScene.Token).AsTask());
            Assert.Equal(TransportError.PeerReset, lost.Error);
        }

        await using var near = await SimScene.Wait.For(scene.Network.ConnectAsync(scene.Listener.LocalEndPoint, SimScene.Token));
        await using var far = await SimScene.Wait.For(scene.Listener.AcceptAsync(SimScene.Token));
    }

    [Fact]
    public async Task Half_open_is_known_to_one_side_only()
    {
        await using var scene = await SimScene.StartAsync();
        scene.There.Apply(Fault.HalfOpen);
        await SimScene.Wait.For(scene.Near.Closed);
        await scene.SettleAsync();
        Assert.False(scene.Far.Closed.IsCancellationRequested);
        var writing = scene.Far.Control.Output.WriteAsync(new byte[100], SimScene.Token).AsTask();
        Assert.False((await SimScene.Wait.For(writing)).IsCompleted);
        scene.Near.Abort("too late to be told");
        var reading = scene.Far.Control.Input.ReadAsync(SimScene.Token).AsTask();
        scene.Clock.Advance(TimeSpan.FromHours(1));
        Assert.False(reading.IsCompleted || scene.Far.Closed.IsCancellationRequested);
        await SimScene.Wait.For(scene.Far.DisposeAsync());
        await Assert.ThrowsAsync<TransportException>(() => SimScene.Wait.For(reading));
    }

    [Fact]
    public async Task An_abort_arrives_after_the_delay_and_not_before()
    {
        await using var scene = await SimScene.StartAsync();
        scene.There.Conditions = new LinkConditions { Delay = DelayDistribution.Constant(Second) };
        scene.Near.Abort("test");
        await SimScene.Wait.For(scene.Near.Closed);
        await scene.SettleAsync();
        scene.Clock.Advance(Second - TimeSpan.FromTicks(1));
        var reading = scene.Far.Control.Input.ReadAsync(SimScene.Token).AsTask();
        Assert.False(reading.IsCompleted);
        scene.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(TransportError.PeerReset, (await Assert.ThrowsAsync<TransportException>(() => SimScene.Wait.For(reading))).Error);
    }

    [Fact]
    public async Task A_script_acts_at_its_times_and_at_its_bytes()
    {
        await using var scene = await SimScene.StartAsync();
        scene.Send(0);
        Assert.Equal([0], scene.Take());
        scene.Clock.Advance(Second);
        scene.There.Run(new FaultScript(
            FaultStep.AfterBytes(4, Fault.Stall(Second)),
            FaultStep.AfterBytes(2, Fault.Corrupt(0x81)),
            FaultStep.At(5 * Second, Fault.Change(new LinkConditions { Delay = DelayDistribution.Constant(Second) }))));
        scene.Send(1, 2, 3, 4, 5);
        Assert.Equal([1, 2, 3 ^ 0x81, 4], scene.Take());
        scene.Clock.Advance(Second);
        Assert.Equal([5], scene.Take());
        scene.Clock.Advance((4 * Second) - TimeSpan.FromTicks(1));
        scene.Send(6);
        Assert.Equal([6], scene.Take());
        scene.Clock.Advance(TimeSpan.FromTicks(1));
        scene.Send(7);
        Assert.Empty(scene.Take());
        scene.Clock.Advance(Second);
        Assert.Equal([7], scene.Take());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(1000)]
    public async Task A_cut_after_a_number_of_bytes_lets_exactly_these_through(int bytes)
    {
        await using var scene = await SimScene.StartAsync();
        scene.There.Run(new FaultScript(FaultStep.AfterBytes(bytes, Fault.Cut)));
        try
        {
            scene.Send(new byte[1000]);
        }
        catch (TransportException) when (bytes == 0)
        {
            // Cut before anything was sent, and told already.
        }

        Assert.Equal(bytes, scene.There.BytesDelivered);
        await SimScene.Wait.For(scene.Far.Closed);
    }
}
