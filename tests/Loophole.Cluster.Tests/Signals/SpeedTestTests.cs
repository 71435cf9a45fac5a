using Loophole.Cluster.Placement;
using Loophole.Cluster.Signals;
using Loophole.Cluster.Tests.Support;
using Loophole.Engine;

namespace Loophole.Cluster.Tests.Signals;

public sealed class SpeedTestTests
{
    [Fact]
    public void A_Signal_says_what_it_runs_on_and_how_fast_that_is()
    {
        var profile = HardwareProbe.Run(new EngineRendererFactory(new BuiltInProcessors()), new FakeMedia(), TimeProvider.System);
        Assert.NotEqual("", profile.OperatingSystem);
        Assert.NotEqual("", profile.Processor);
        Assert.True(profile.VectorBits >= 64);
        Assert.NotEqual(PartitionNode.UnknownSpeed, profile.Speed);
        Assert.InRange(profile.Speed, 1, PartitionNode.MostSpeed);
    }

    [Fact]
    public void Half_the_speed_is_measured_as_half()
    {
        var clock = new TickingClock();
        var renderers = new EngineRendererFactory(new BuiltInProcessors());
        clock.TicksPerLook = 1_000;
        var fast = SpeedTest.Measure(renderers, new FakeMedia(), clock);
        clock.TicksPerLook = 2_000;
        Assert.Equal(fast / 2, SpeedTest.Measure(renderers, new FakeMedia(), clock), 1e-9);
    }

    [Fact]
    public void Renderers_that_refuse_make_a_node_that_was_not_measured() =>
        Assert.Equal(PartitionNode.UnknownSpeed, SpeedTest.Measure(new FakeRenderers { Refuses = _ => true }, new FakeMedia(), TimeProvider.System));

    /// <summary>Every look at it takes the same time.</summary>
    private sealed class TickingClock : TimeProvider
    {
        private long _now;

        public long TicksPerLook { get; set; }

        public override long GetTimestamp() => _now += TicksPerLook;
    }
}
