using System.Collections.Immutable;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Sessions;

namespace Loophole.Cluster.Tests.Sessions;

public sealed class LinkDifferencesTests
{
    private static readonly SessionFormat Format = new(48_000, 480, 1L << 50, 4_800, 9_600);
    private static readonly Guid Node = Guid.NewGuid();
    private static readonly LinkCounts Some = new(Node, "s", 1, BlocksReceived: 10, BytesReceived: 20, BlocksSent: 30, BytesSent: 40, LateBlocks: 50, ConcealedFrames: 60, CreditFrames: 70, CheckpointAgeFrames: -80, MarginFrames: 90, MostFrames: 4_800);
    private readonly LinkDifferences _differences = new();

    [Fact]
    public void Counts_are_those_since_the_last_report_of_the_same_assignment()
    {
        Assert.Equal((10L, 20L, 30L, 40L, 50L, 60L), Counts(Some));
        var more = Some with { BlocksReceived = 11, BytesReceived = 22, BlocksSent = 33, BytesSent = 44, LateBlocks = 55, ConcealedFrames = 66 };
        Assert.Equal((1L, 2L, 3L, 4L, 5L, 6L), Counts(more));
        Assert.Equal((11L, 22L, 33L, 44L, 55L, 66L), Counts(more with { Epoch = 2 }));
        Assert.Equal((11L, 22L, 33L, 44L, 55L, 66L), Counts(more with { Epoch = 2, Node = Guid.NewGuid() }));

        (long, long, long, long, long, long) Counts(LinkCounts now)
        {
            var link = Next(now)!.Links.Single().Link;
            return (link.BlocksReceived, link.BytesReceived, link.BlocksSent, link.BytesSent, link.LateBlocks, link.ConcealedFrames);
        }
    }

    [Fact]
    public void What_stands_is_told_as_it_is()
    {
        Next(Some);
        var link = Next(Some)!.Links.Single().Link;
        Assert.Equal((70L, -80L, 90L, 4_800), (link.CreditFrames, link.CheckpointAgeFrames, link.MarginFrames, link.MostFrames));
    }

    [Fact]
    public void A_new_assignment_has_just_begun()
    {
        int[] epochs = [1, 1, 2, 2];
        Assert.Equal([true, false, true, false], epochs.Select(epoch => Next(Some with { Epoch = epoch })!.Links.Single().HasJustBegun));
    }

    [Fact]
    public void Each_node_gets_its_own_and_a_reason_only_while_it_is_played()
    {
        var other = Guid.NewGuid();
        var telemetry = new NodeTelemetry { RenderLoad = 1, Blocks = 1, PeakMemoryBytes = 1, RoundTrip = default };
        Next(Some, Some with { Node = other, SubgraphId = "t" });
        var played = Next(Some, Some with { Node = other, SubgraphId = "t" })!;
        Assert.Equal(("t", "It renders slowly, for 100 % of its threads' time."), (played.Of(new NodeId(other), telemetry).Single().SubgraphId, played.Of(new NodeId(other), telemetry).Single().Reason));
        Assert.Empty(played.Of(new NodeId(Guid.NewGuid()), telemetry));
        Assert.Equal("", (played with { IsPlayed = false }).Of(new NodeId(Node), telemetry).Single().Reason);
    }

    public static TheoryData<string, string> Absurd => new()
    {
        { "negative", "cannot be" },
        { "endless", "cannot be" },
        { "margin", "cannot be" },
        { "age", "cannot be" },
        { "null", "is null" },
        { "twice", "there twice" },
        { "back", "of s went back" },
        { "noSession", "without a session" },
        { "format", "cannot be" },
    };

    [Theory]
    [MemberData(nameof(Absurd))]
    public void What_cannot_be_is_named_and_nothing_is_kept_of_it(string what, string named)
    {
        var sane = new LinksReport(Format, true, [Some]);
        Assert.NotNull(_differences.Next(sane, out _));
        var absurd = what switch
        {
            "negative" => sane with { Links = [Some with { BytesSent = -1 }] },
            "endless" => sane with { Links = [Some with { BytesSent = long.MaxValue }] },
            "margin" => sane with { Links = [Some with { MarginFrames = long.MinValue }] },
            "age" => sane with { Links = [Some with { CheckpointAgeFrames = long.MinValue }] },
            "null" => sane with { Links = [null!] },
            "twice" => sane with { Links = [Some, Some] },
            "back" => sane with { Links = [Some with { BlocksReceived = 9 }] },
            "noSession" => sane with { Format = null },
            _ => sane with { Format = Format with { SampleRate = 0 } },
        };
        Assert.Null(_differences.Next(absurd, out var fault));
        Assert.Contains(named, fault, StringComparison.Ordinal);
        Assert.Equal(0, Next(Some)!.Links.Single().Link.BytesSent);
    }

    private LinksMeasured? Next(params ImmutableArray<LinkCounts> links) => _differences.Next(new LinksReport(Format, true, links), out _);
}
