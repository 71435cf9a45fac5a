using Loophole.Cluster.Protocol.Transports;

namespace Loophole.Cluster.Protocol.Tests;

public sealed class EndGateTests
{
    private readonly List<Exception?> _ends = [];
    private readonly EndGate _gate;

    public EndGateTests() => _gate = new EndGate(_ends.Add);

    [Fact]
    public void An_end_that_nobody_holds_up_is_carried_out_at_once_and_once()
    {
        var cause = new IOException();
        Assert.False(_gate.End(cause));
        Assert.False(_gate.End(new IOException()));
        _gate.EndNow(null);
        Assert.Equal([cause], _ends);
        Assert.False(_gate.TryHold());
    }

    [Fact]
    public void An_end_waits_for_who_holds_and_is_carried_out_with_its_own_cause()
    {
        var cause = new IOException();
        Assert.True(_gate.TryHold());
        Assert.True(_gate.TryHold());
        Assert.True(_gate.End(cause));
        Assert.Empty(_ends);
        Assert.False(_gate.TryHold());
        _gate.Release();
        _gate.Release();
        Assert.Equal([cause], _ends);
    }

    [Fact]
    public void A_hold_can_be_taken_again_after_it_was_let_go()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.True(_gate.TryHold());
            _gate.Release();
        }

        Assert.Empty(_ends);
    }

    [Fact]
    public void The_user_itself_ends_at_once_although_it_holds()
    {
        Assert.True(_gate.TryHold());
        _gate.EndNow(null);
        Assert.Equal([null], _ends);
        _gate.Release();
        Assert.Single(_ends);
    }

    [Fact]
    public async Task However_holds_and_an_end_meet_the_end_comes_once_and_never_within_a_hold()
    {
        for (var round = 0; round < 2_000; round++)
        {
            var isInUse = 0;
            var endedInUse = 0;
            var ends = 0;
            var gate = new EndGate(_ =>
            {
                ends++;
                endedInUse += Volatile.Read(ref isInUse);
            });
            using var start = new Barrier(2);
            var user = Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait(TestContext.Current.CancellationToken);
                    while (gate.TryHold())
                    {
                        Volatile.Write(ref isInUse, 1);
                        Thread.SpinWait(50);
                        Volatile.Write(ref isInUse, 0);
                        gate.Release();
                    }
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            start.SignalAndWait(TestContext.Current.CancellationToken);
            gate.End(null);
            await user;
            Assert.Equal((1, 0), (ends, endedInUse));
        }
    }
}
