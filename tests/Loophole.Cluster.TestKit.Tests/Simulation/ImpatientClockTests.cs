using System.Buffers;
using Loophole.Cluster.TestKit.Impairment;
using Loophole.Cluster.TestKit.Simulation;

namespace Loophole.Cluster.TestKit.Tests.Simulation;

/// <summary>On a clock that goes on with every look, as that of a busy machine may.</summary>
public sealed class ImpatientClockTests
{
    [Fact]
    public async Task What_becomes_due_between_two_looks_arrives()
    {
        var clock = new ImpatientClock();
        await using var network = new SimulatedNetwork(timeProvider: clock);
        await using var listener = await network.ListenAsync(new Uri("sim://server:0"), SimScene.Token);
        await using var near = await SimScene.Wait.For(network.ConnectAsync(listener.LocalEndPoint, SimScene.Token));
        await using var far = await SimScene.Wait.For(listener.AcceptAsync(SimScene.Token));
        for (var sent = 0; sent < 200; sent++)
        {
            network.Link("client", "server").Conditions = new LinkConditions { Delay = DelayDistribution.Constant(TimeSpan.FromMilliseconds(sent % 40)) };
            near.Control.Output.Write([(byte)sent]);
            await near.Control.Output.FlushAsync(SimScene.Token);
            var read = await SimScene.Wait.For(far!.Control.Input.ReadAsync(SimScene.Token).AsTask());
            Assert.Equal([(byte)sent], read.Buffer.ToArray());
            far.Control.Input.AdvanceTo(read.Buffer.End);
        }
    }

    /// <summary>Goes on by 7 ms with every look; a timer has come as soon as it is set.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(7);

        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref _now, Step.Ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Timer(callback, state);

        private sealed class Timer(TimerCallback callback, object? state) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) =>
                dueTime == Timeout.InfiniteTimeSpan || ThreadPool.UnsafeQueueUserWorkItem(static timer => timer.Come(), this, preferLocal: false);

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;

            private void Come() => callback(state);
        }
    }
}
