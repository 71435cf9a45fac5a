using System.Buffers;
using Loophole.Cluster.Meters;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Transports;
using Loophole.Tests;

namespace Loophole.Cluster.Tests.Meters;

public sealed class MeterChannelTests
{
    private static readonly MeterBundle Sample = new(7, 2, [new MeterWindow(3, 4, 5, 9_600, [new MeterReading(0.5f, 0.25f), new MeterReading(1, 0)])]);

    [Fact]
    public async Task Bundles_arrive_as_they_were_sent_through_a_pipe_much_smaller_than_they()
    {
        var (near, far) = await Pipes.ChannelsAsync(ChannelPurpose.Meters, pauseThreshold: 4_096);
        var (sender, receiver) = (new MeterChannel(near), new MeterChannel(far));
        var random = new Random(4);
        MeterBundle[] bundles = [Sample, .. Enumerable.Range(1, 60).Select(number => new MeterBundle((uint)number, (uint)random.Next(), [.. Enumerable.Range(0, number).Select(_ => Window(random))]))];
        var sending = Task.Run(
            async () =>
            {
                foreach (var bundle in bundles)
                {
                    Assert.True(await sender.SendAsync(bundle, Wait.Token));
                }

                await sender.DisposeAsync();
            },
            Wait.Token);
        foreach (var expected in bundles)
        {
            var got = await Wait.For(receiver.ReceiveAsync(Wait.Token).AsTask());
            Assert.Equal((expected.Number, expected.Dropped), (got!.Number, got.Dropped));
            Assert.Equal(expected.Windows.Select(Flat), got.Windows.Select(Flat));
        }

        Assert.Null(await Wait.For(receiver.ReceiveAsync(Wait.Token).AsTask()));
        await Wait.For(sending);
    }

    [Fact]
    public async Task The_bytes_are_those_of_the_documentation() => Assert.Equal(Documentation.Bytes("meter-bundle"), await BytesAsync());

    [Theory]
    [InlineData(0, 11, "a length of 11 bytes")]
    [InlineData(0, 47, "a window of 2 audio channels in 35 bytes")]
    [InlineData(0, 49, "1 bytes after 1 windows")]
    [InlineData(2, 1, "a length of 65584 bytes")]
    [InlineData(3, 255, "a length of 4278190128 bytes")]
    [InlineData(4, 2, "version 2")]
    [InlineData(5, 2, "kind 2")]
    [InlineData(6, 0, "0 windows")]
    [InlineData(6, 2, "a window of 0 audio channels in 0 bytes")]
    [InlineData(22, 0, "a window of 0 audio channels in 36 bytes")]
    [InlineData(22, 3, "a window of 3 audio channels in 36 bytes")]
    [InlineData(22, 65, "a window of 65 audio channels in 36 bytes")]
    public async Task Bytes_that_are_none_are_a_violation(int at, byte value, string what)
    {
        var (near, far) = await Pipes.ChannelsAsync(ChannelPurpose.Meters);
        var bytes = (byte[])[.. await BytesAsync(), 0];
        bytes[at] = value;
        await near.Output.WriteAsync(bytes, Wait.Token);
        var refused = await Assert.ThrowsAsync<TransportException>(() => Wait.For(new MeterChannel(far).ReceiveAsync(Wait.Token).AsTask()));
        Assert.Equal(TransportError.ProtocolViolation, refused.Error);
        Assert.Contains(what, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_end_in_the_middle_is_a_violation()
    {
        var (near, far) = await Pipes.ChannelsAsync(ChannelPurpose.Meters);
        await near.Output.WriteAsync((await BytesAsync()).AsMemory()[..^1], Wait.Token);
        await near.DisposeAsync();
        Assert.Equal(TransportError.ProtocolViolation, (await Assert.ThrowsAsync<TransportException>(() => Wait.For(new MeterChannel(far).ReceiveAsync(Wait.Token).AsTask()))).Error);
    }

    private static async Task<byte[]> BytesAsync()
    {
        var (near, far) = await Pipes.ChannelsAsync(ChannelPurpose.Meters);
        await new MeterChannel(near).SendAsync(Sample, Wait.Token);
        return (await far.Input.ReadAtLeastAsync(52, Wait.Token)).Buffer.ToArray();
    }

    private static (int, int, int, long, string) Flat(MeterWindow window) => (window.SignalId, window.Node, window.Epoch, window.StartFrame, string.Join(' ', window.Readings));

    private static MeterWindow Window(Random random) =>
        new(random.Next(), random.Next(1 << 16), random.Next(), random.NextInt64() - (1L << 62), [.. Enumerable.Range(0, random.Next(1, 65)).Select(_ => new MeterReading(random.NextSingle(), random.NextSingle()))]);
}
