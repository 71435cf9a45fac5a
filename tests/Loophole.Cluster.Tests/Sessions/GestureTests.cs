using Loophole.Cluster.Planning;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Sessions;

/// <summary>Hands on parameters while it plays; what is heard is what an offline render of the log makes.</summary>
public sealed class GestureTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_movement_is_heard_and_stays_where_it_was_left(int satellites)
    {
        var (opened, committed) = (0L, 0L);
        var result = await Performance.PerformAsync(satellites, null, async performance =>
        {
            await performance.PlayAsync(20);
            var hand = await performance.ChangeAsync(control => control.OpenGestureAsync(new GestureTarget("p3", "add", 0.5, 1)));
            opened = (20 * Performance.Block) + Performance.Reaction;
            for (var step = 0; step <= 20; step++)
            {
                hand.Update(step / 20.0);
                await performance.PlayAsync(5);
            }

            committed = await performance.ChangeAsync(_ => hand.CommitAsync(0.25));
            await performance.PlayAsync(60);
            await hand.DisposeAsync();
            hand.Update(1);
            await performance.PlayAsync(40);
        });
        var moves = result.Events.OfType<ParameterEvent>().ToArray();
        Assert.All(moves, move => Assert.Equal(("p3", "add"), (move.NodeId, move.Parameter)));
        Assert.Equal([.. Enumerable.Range(0, 21).Select(step => 0.5 + (step / 40.0)), 0.625], moves.Select(move => move.Value!.Value));
        Assert.True(moves[0].Frame >= opened);
        Assert.Equal(committed, moves[^1].Frame + moves[^1].RampFrames);
    }

    [Fact]
    public async Task Only_what_hears_a_hand_is_held_near()
    {
        await Performance.PerformAsync(2, null, async performance =>
        {
            await performance.PlayAsync(20);
            var hand = await performance.ChangeAsync(control => control.OpenGestureAsync(new GestureTarget("p3", "add", 0, 1)));
            await performance.PlayAsync(100);
            Assert.InRange(performance.Last.AheadFrames, 0, (2 * Performance.Reaction) + Performance.Block);
            await performance.ChangeAsync(_ => hand.CommitAsync(1));
            await performance.UntilAheadAsync(4 * Performance.Reaction);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Hands_changes_and_losses_may_come_in_any_order(int seed)
    {
        var random = new Random(seed);
        await Performance.PerformAsync(2, new LoopRegion(2_000, 7_000), async performance =>
        {
            var hands = new List<GestureSession>();
            var lossAt = random.Next(15);
            for (var step = 0; step < 15; step++)
            {
                await performance.PlayAsync(random.Next(1, 12));
                hands.ForEach(hand => hand.Update(random.NextDouble()));
                var loss = step == lossAt ? Task.Run(() => performance.Cut(1 + (seed % 2))) : Task.CompletedTask;
                switch (random.Next(5))
                {
                    case 0 when hands.Count < 3:
                        hands.Add(await performance.ChangeAsync(control => control.OpenGestureAsync(new GestureTarget($"p{hands.Count * 3}", "add", 0, 1), new GestureTarget($"p{(hands.Count * 3) + 1}", "add", 1, 0))));
                        break;
                    case 1 when hands.Count > 0:
                        await performance.ChangeAsync(_ => hands[^1].CommitAsync(random.NextDouble()));
                        hands.RemoveAt(hands.Count - 1);
                        break;
                    case 2:
                        await performance.ChangeAsync(control => control.LocateAsync(random.Next(8_000)));
                        break;
                    case 3:
                        await performance.ChangeAsync(control => control.SetParameterAsync("p8", "add", random.NextDouble()));
                        break;
                }

                await loss;
            }

            await performance.PlayAsync(40);
        });
    }

    [Fact]
    public async Task What_cannot_be_moved_is_refused_by_name()
    {
        await Performance.PerformAsync(0, null, async performance =>
        {
            await performance.PlayAsync(10);
            var control = performance.Control;
            async Task<string> RefusedAsync<T>(params GestureTarget[] targets)
                where T : Exception => (await Assert.ThrowsAnyAsync<T>(() => Wait.For(control.OpenGestureAsync([.. targets])))).Message;

            Assert.Contains("\"p99\"", await RefusedAsync<GraphException>(new GestureTarget("p99", "add", 0, 1)), StringComparison.Ordinal);
            Assert.Contains("\"gone\"", await RefusedAsync<GraphException>(new GestureTarget("p3", "gone", 0, 1)), StringComparison.Ordinal);
            Assert.Contains("moves something", await RefusedAsync<ArgumentException>(), StringComparison.Ordinal);
            Assert.Contains("twice", await RefusedAsync<ArgumentException>(new GestureTarget("p3", "add", 0, 1), new GestureTarget("p3", "add", 0, 2)), StringComparison.Ordinal);
            Assert.Contains("above 0", await RefusedAsync<ArgumentException>(new GestureTarget("p3", "add", 0, 1, GestureCurve.Logarithmic)), StringComparison.Ordinal);
            Assert.Contains("finite", await RefusedAsync<ArgumentException>(new GestureTarget("p3", "add", double.NaN, 1)), StringComparison.Ordinal);
            Assert.Contains("upwards", await RefusedAsync<ArgumentException>(new GestureTarget("p3", "add", 0, 1, InputMinimum: 1)), StringComparison.Ordinal);
            await using var hand = await performance.ChangeAsync(_ => control.OpenGestureAsync(new GestureTarget("p3", "add", 0, 1)));
            Assert.Contains("another hand", await RefusedAsync<GraphException>(new GestureTarget("p3", "add", 0, 1)), StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(GestureCurve.Linear, 0.5, 55)]
    [InlineData(GestureCurve.Logarithmic, 0.5, 31.622776601683793)]
    [InlineData(GestureCurve.Exponential, 0.5, 32.5)]
    [InlineData(GestureCurve.Linear, -3, 10)]
    [InlineData(GestureCurve.Logarithmic, 3, 100)]
    [InlineData(GestureCurve.Exponential, double.NaN, 10)]
    public void A_position_becomes_a_value(GestureCurve curve, double position, double value)
    {
        Assert.Equal(value, new GestureTarget("n", "p", 10, 100, curve).ValueAt(position), 12);
        Assert.Equal(value, new GestureTarget("n", "p", 10, 100, curve, -1, 1).ValueAt((position * 2) - 1), 12);
    }
}
