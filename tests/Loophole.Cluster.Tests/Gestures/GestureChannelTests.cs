using Loophole.Cluster.Gestures;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Timeline;
using Loophole.Cluster.Transports;
using Loophole.Tests;

namespace Loophole.Cluster.Tests.Gestures;

public sealed class GestureChannelTests
{
    private static readonly GestureBundle Sample = new(7, 9_600, [new GestureValue(3, 4_800, 12, 2_400, 0.5), new GestureValue(3, 7_200, 13, 2_400, -1)]);

    [Fact]
    public async Task Bundles_arrive_as_they_were_sent_through_a_pipe_much_smaller_than_they()
    {
        var (near, far) = await Pipes.ChannelsAsync(ChannelPurpose.Events, pauseThreshold: 4_096);
        var (sender, receiver) = (new GestureChannel(near), new GestureChannel(far));
        var random = new Random(4);
        GestureBundle[] bundles = [Sample, .. Enumerable.Range(0, 40).Select(number => new GestureBundle(
            (uint)number, random.NextInt64(), [.. Enumerable.Range(0, number % 5 == 0 ? GestureChannel.MaxValues : number).Select(_ => new GestureValue(random.Next(), random.NextInt64(), random.NextInt64(), random.Next(), random.NextDouble()))]))];
        var sending = Task.Run(
            async () =>
            {
                foreach (var bundle in bundles)
                {
                    await sender.SendAsync(bundle, Wait.Token);
                }

                await sender.DisposeAsync();
            },
            Wait.Token);
        foreach (var expected in bundles)
        {
            var got = await Wait.For(receiver.ReceiveAsync(Wait.Token).AsTask());
            Assert.Equal((expected.Number, expected.KnownBefore), (got!.Number, got.KnownBefore));
            Assert.Equal(expected.Values, got.Values);
        }

        Assert.Null(await Wait.For(receiver.ReceiveAsync(Wait.Token).AsTask()));
        await Wait.For(sending);
    }

    [Fact]
    public async Task The_bytes_are_those_of_the_documentation()
    {
        var (near, far) = await Pipes.ChannelsAsync(ChannelPurpose.Events);
        await new GestureChannel(near).SendAsync(Sample with { Values = [Sample.Values[0]] }, Wait.Token);
        var read = await far.Input.ReadAtLeastAsync(52, Wait.Token);
        Assert.Equal(Documentation.Bytes("gesture-bundle"), System.Buffers.BuffersExtensions.ToArray(read.Buffer));
    }

    [Theory]
    [InlineData(0, 15)]
    [InlineData(0, 255)]
    [InlineData(3, 255)]
    [InlineData(4, 2)]
    [InlineData(5, 2)]
    [InlineData(6, 1)]
    [InlineData(7, 1)]
    public async Task Bytes_that_are_none_are_a_violation(int at, byte value)
    {
        var (near, far) = await Pipes.ChannelsAsync(ChannelPurpose.Events);
        var (spare, spareFar) = await Pipes.ChannelsAsync(ChannelPurpose.Events);
        await new GestureChannel(spare).SendAsync(Sample, Wait.Token);
        var bytes = System.Buffers.BuffersExtensions.ToArray((await spareFar.Input.ReadAtLeastAsync(84, Wait.Token)).Buffer);
        bytes[at] = value;
        await near.Output.WriteAsync(bytes, Wait.Token);
        var refused = await Assert.ThrowsAsync<TransportException>(() => Wait.For(new GestureChannel(far).ReceiveAsync(Wait.Token).AsTask()));
        Assert.Equal(TransportError.ProtocolViolation, refused.Error);
    }

    [Fact]
    public async Task An_end_in_the_middle_is_a_violation()
    {
        var (near, far) = await Pipes.ChannelsAsync(ChannelPurpose.Events);
        await near.Output.WriteAsync(new byte[] { 48, 0, 0, 0, 1 }, Wait.Token);
        await near.DisposeAsync();
        Assert.Equal(TransportError.ProtocolViolation, (await Assert.ThrowsAsync<TransportException>(() => Wait.For(new GestureChannel(far).ReceiveAsync(Wait.Token).AsTask()))).Error);
    }

    [Fact]
    public void A_bundle_becomes_events_of_the_streams_that_are_open()
    {
        var intake = Intake();
        Assert.Equal((1_000L, long.MaxValue), (intake.LimitOf("s"), intake.LimitOf("other")));
        var events = intake.Take(new GestureBundle(0, 2_000, [new GestureValue(3, 1_000, 5, 100, 0.5), new GestureValue(99, 1_000, 6, 100, 1), new GestureValue(3, 1_500, 7, 50, 2)]));
        Assert.Equal(
            [
                new ParameterEvent { Frame = 1_000, Sequence = 5, NodeId = "n", Parameter = "p", Value = 0.5, IsRelative = true, RampFrames = 100 },
                new ParameterEvent { Frame = 1_500, Sequence = 7, NodeId = "n", Parameter = "p", Value = 2, IsRelative = true, RampFrames = 50 },
            ],
            events);
        Assert.Equal((2_000L, 1u), (intake.LimitOf("s"), intake.Bundles));
        intake.Set(OpenGestures.None);
        Assert.Equal(long.MaxValue, intake.LimitOf("s"));
    }

    public static TheoryData<string, object> Violations() => new()
    {
        { "before what is known", Bundle(new GestureValue(3, 999, 5, 0, 1)) },
        { "beyond what is to be known", Bundle(new GestureValue(3, 2_000, 5, 0, 1)) },
        { "out of order", Bundle(new GestureValue(3, 1_500, 5, 0, 1), new GestureValue(3, 1_400, 6, 0, 1)) },
        { "twice", Bundle(new GestureValue(3, 1_500, 5, 0, 1), new GestureValue(3, 1_500, 5, 0, 1)) },
        { "not a number", Bundle(new GestureValue(3, 1_500, 5, 0, double.NaN)) },
        { "negative ramp", Bundle(new GestureValue(3, 1_500, 5, -1, 1)) },
        { "another number", new GestureBundle(1, 2_000, []) },
        { "back", new GestureBundle(0, 999, []) },
    };

    [Theory]
    [MemberData(nameof(Violations), DisableDiscoveryEnumeration = true)]
    public void A_bundle_that_cannot_be_meant_is_a_violation_and_changes_nothing(string what, object bundle)
    {
        var intake = Intake();
        Assert.Equal(TransportError.ProtocolViolation, Assert.Throws<TransportException>(() => intake.Take((GestureBundle)bundle)).Error);
        Assert.True((intake.LimitOf("s"), intake.Bundles) == (1_000, 0), what);
    }

    private static GestureIntake Intake()
    {
        var intake = new GestureIntake();
        intake.Set(new OpenGestures([new GestureStream(3, "n", "p", IsRelative: true)], ["s"], 1_000, 0));
        return intake;
    }

    private static GestureBundle Bundle(params GestureValue[] values) => new(0, 2_000, [.. values]);
}
