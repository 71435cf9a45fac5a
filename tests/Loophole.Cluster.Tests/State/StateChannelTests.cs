using System.Buffers.Binary;
using Loophole.Cluster.State;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tests.State;

public sealed class StateChannelTests
{
    private static readonly int[] Lengths = [0, 1, 5_000_000, 0, 100, 70_000];

    [Fact]
    public async Task Messages_arrive_as_they_were_sent_through_a_pipe_much_smaller_than_they()
    {
        var (near, far) = await Pipes.ChannelsAsync(ChannelPurpose.State, pauseThreshold: 4096);
        var (sender, receiver) = (new StateChannel(near), new StateChannel(far));
        var random = new Random(8);
        StateMessage[] messages = [.. Lengths.Select((length, at) => new StateMessage($"subgraph:é{at}", at, at * 1L << 33, Bytes(length)))];
        var sending = Task.Run(
            async () =>
            {
                foreach (var message in messages)
                {
                    await sender.SendAsync(message, Wait.Token);
                }

                await sender.DisposeAsync();
            },
            Wait.Token);
        foreach (var expected in messages)
        {
            var got = (await Wait.For(receiver.ReceiveAsync(Wait.Token).AsTask()))!.Value;
            Assert.Equal((expected.SubgraphId, expected.Epoch, expected.Position), (got.SubgraphId, got.Epoch, got.Position));
            Assert.True(got.Checkpoint.Span.SequenceEqual(expected.Checkpoint.Span));
        }

        Assert.Null(await Wait.For(receiver.ReceiveAsync(Wait.Token).AsTask()));
        await Wait.For(sending);

        byte[] Bytes(int length)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            return bytes;
        }
    }

    [Theory]
    [InlineData(0u, 0)]
    [InlineData(13u, 0)]
    [InlineData((256u << 20) + 1, 0)]
    [InlineData(uint.MaxValue, 0)]
    [InlineData(20u, 257)]
    [InlineData(20u, 7)]
    [InlineData(20u, 65_535)]
    public async Task A_length_that_cannot_be_is_a_violation(uint length, int idLength)
    {
        var message = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(message, length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), (ushort)idLength);
        var failure = await ReceiveAsync(message);
        Assert.Equal(TransportError.ProtocolViolation, Assert.IsType<TransportException>(failure).Error);
    }

    [Fact]
    public async Task Whatever_arrives_and_wherever_it_ends_nothing_but_a_message_or_a_violation_comes_of_it()
    {
        var random = new Random(21);
        var violations = 0;
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = new byte[random.Next(1, 80)];
            random.NextBytes(bytes);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.Length < 4 ? bytes = new byte[4] : bytes, random.Next(100));
            if (bytes.Length > 6)
            {
                bytes[5] = 0;
            }

            var failure = await ReceiveAsync(bytes);
            Assert.True(failure is null or TransportException { Error: TransportError.ProtocolViolation }, $"round {round}: {failure}");
            violations += failure is null ? 0 : 1;
        }

        Assert.InRange(violations, 200, 2_000);
    }

    private static async Task<Exception?> ReceiveAsync(byte[] bytes)
    {
        var (near, far) = await Pipes.ChannelsAsync(ChannelPurpose.State);
        await near.Output.WriteAsync(bytes, Wait.Token);
        await near.DisposeAsync();
        var receiver = new StateChannel(far);
        return await Record.ExceptionAsync(async () =>
        {
            while (await Wait.For(receiver.ReceiveAsync(Wait.Token).AsTask()) is not null)
            {
            }
        });
    }
}
