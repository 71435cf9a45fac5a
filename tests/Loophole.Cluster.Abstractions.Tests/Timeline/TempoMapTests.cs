using System.Collections.Immutable;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Timeline;

public sealed class TempoMapTests
{
    [Fact]
    public void A_constant_tempo_is_a_plain_ratio()
    {
        var map = TempoMap.Constant(120);
        Assert.Equal(0.5, map.SecondsAt(1));
        Assert.Equal(-2.0, map.SecondsAt(-4));
        Assert.Equal(8.0, map.BeatsAt(4));
        Assert.Equal(24_000, map.FrameAt(1, 48_000));
    }

    [Fact]
    public void Steps_add_up_and_ends_go_on()
    {
        // 8 beats at 120 are 4 s, 4 beats at 60 are 4 s, then 240.
        var map = new TempoMap([new(0, 120), new(8, 60), new(12, 240)]);
        Assert.Equal(4.0, map.SecondsAt(8));
        Assert.Equal(8.0, map.SecondsAt(12));
        Assert.Equal(9.0, map.SecondsAt(16));
        Assert.Equal(10.0, map.BeatsAt(6));
        Assert.Equal(-0.5, map.SecondsAt(-1));
    }

    [Fact]
    public void A_line_over_beats_takes_the_logarithmic_time()
    {
        // v = 60 + 60·b/4 beats a minute; t = ∫ 60/v db = 4·ln 2 for b = 4 and 4·ln 1.5 for b = 2.
        var map = new TempoMap([new(0, 60, TempoMapCurve.LinearInBeats), new(4, 120)]);
        Assert.Equal(4 * 0.69314718055994530942, map.SecondsAt(4), 13);
        Assert.Equal(4 * 0.40546510810816438198, map.SecondsAt(2), 13);
        Assert.Equal(2.0, map.BeatsAt(4 * 0.40546510810816438198), 13);
        Assert.Equal(133_084, map.FrameAt(4, 48_000)); // 4·ln 2·48,000 = 133,084.258…
    }

    [Fact]
    public void A_line_over_time_takes_the_time_of_its_mean_tempo()
    {
        // Mean of 120 and 60 is 90 beats a minute: 6 beats take 4 s. After 2 s the tempo is 90, and 2·(120 + 90)/2/60 = 3.5 beats have passed.
        var map = new TempoMap([new(0, 120, TempoMapCurve.LinearInTime), new(6, 60)]);
        Assert.Equal(4.0, map.SecondsAt(6), 13);
        Assert.Equal(3.5, map.BeatsAt(2), 13);
        Assert.Equal(2.0, map.SecondsAt(3.5), 13);
    }

    [Fact]
    public void Beat_0_is_second_0_wherever_the_first_point_lies()
    {
        var late = new TempoMap([new(4, 120), new(8, 60)]);
        Assert.Equal(0.0, late.SecondsAt(0));
        Assert.Equal(2.0, late.SecondsAt(4));
        var early = new TempoMap([new(-4, 60), new(-2, 120)]);
        Assert.Equal(0.0, early.SecondsAt(0));
        Assert.Equal(-1.0, early.SecondsAt(-2));
        Assert.Equal(-3.0, early.SecondsAt(-4));
    }

    [Fact]
    public void Nearly_flat_lines_lose_nothing()
    {
        var map = new TempoMap([new(0, 120, TempoMapCurve.LinearInBeats), new(1_000, 120 + 1e-10)]);
        Assert.Equal(250.0, map.SecondsAt(500), 9);
        Assert.Equal(500.0, map.BeatsAt(250), 8);
    }

    [Fact]
    public void There_and_back_returns_the_beat()
    {
        const int Seed = 20_241;
        var random = new Random(Seed);
        var worst = 0.0;
        for (var round = 0; round < 500; round++)
        {
            var points = ImmutableArray.CreateBuilder<TempoMapPoint>();
            var beat = random.NextDouble() - 0.5;
            for (var count = random.Next(1, 20); count > 0; count--)
            {
                points.Add(new TempoMapPoint(beat, 20 + (random.NextDouble() * 600), (TempoMapCurve)random.Next(3)));
                beat += 0.01 + (random.NextDouble() * 50);
            }

            var map = new TempoMap(points.ToImmutable());
            for (var probe = 0; probe < 20; probe++)
            {
                var at = (random.NextDouble() * (beat + 20)) - 10;
                worst = Math.Max(worst, Math.Abs(map.BeatsAt(map.SecondsAt(at)) - at));
                Assert.True(map.SecondsAt(at + 0.001) > map.SecondsAt(at), $"seed {Seed}, round {round}");
            }
        }

        Assert.True(worst < 1e-10, $"seed {Seed}: {worst} beats");
    }

    [Fact]
    public void Halves_round_away_from_zero()
    {
        var map = TempoMap.Constant(60);
        Assert.Equal(1, map.FrameAt(0.5, 1));
        Assert.Equal(-1, map.FrameAt(-0.5, 1));
        Assert.Equal(0, map.FrameAt(0.49, 1));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(10_001)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Impossible_tempi_are_refused(double bpm) => Assert.Throws<ArgumentException>(() => TempoMap.Constant(bpm));

    [Fact]
    public void Points_out_of_order_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new TempoMap([]));
        Assert.Throws<ArgumentException>(() => new TempoMap([new(1, 120), new(1, 60)]));
        Assert.Throws<ArgumentException>(() => new TempoMap([new(double.NaN, 120)]));
        Assert.Throws<ArgumentException>(() => new TempoMap([new(0, 120, (TempoMapCurve)9)]));
    }

    [Fact]
    public void Positions_that_are_no_numbers_are_refused()
    {
        var map = TempoMap.Constant(120);
        Assert.Throws<ArgumentOutOfRangeException>(() => map.SecondsAt(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.BeatsAt(double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.FrameAt(1e300, 48_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.FrameAt(1, 0));
    }
}
