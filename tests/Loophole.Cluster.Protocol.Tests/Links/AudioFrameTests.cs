using Loophole.Cluster.Links;
using Loophole.Cluster.Protocol.Links;
using Loophole.Tests;

namespace Loophole.Cluster.Protocol.Tests.Links;

public sealed class AudioFrameTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_dump_in_the_documentation_is_what_the_encoder_writes()
    {
        var dump = Documentation.Bytes("audio-block");
        Assert.Equal(Wire.Bytes(Wire.Block(Wire.First, 1000, 2) with { Sequence = 5 }, 1f, -1f, 0.5f, -0f), dump);
    }

    [Fact]
    public async Task A_valid_exchange_is_heard_whole()
    {
        await using var link = Wire.NewLink(new([.. Wire.Exchange().SelectMany(b => b)]));
        var recorder = await ReceiveAllAsync(link);
        Assert.Equal([1000L, 0L, 1002L, 1006L], recorder.Blocks.Select(b => b.Header.StartFrame));
        Assert.Equal([1f, 2f, 3f, 4f], recorder.Blocks[0].Samples);
        Assert.Equal([false, false, true, false], recorder.Blocks.Select(b => b.IsSilent));
        Assert.Equal([(20, 512L)], recorder.Credits);
        Assert.Equal([4800L], recorder.Horizons);
        Assert.Null(link.Failure);
    }

    public static TheoryData<string, string, byte[]> Violations
    {
        get
        {
            var block = Wire.Block(Wire.First, 1000, 2);
            var credit = Wire.Other(AudioFrameType.Credit, 20, 0, 5);
            float[] samples = [1, 2, 3, 4];
            var data = new TheoryData<string, string, byte[]>
            {
                { "version", "version is 2", Wire.Bytes(block with { Version = 2 }, samples) },
                { "type", "type is 9", Wire.Bytes(block with { Type = (AudioFrameType)9 }, samples) },
                { "type zero", "type is 0", new byte[40].Select((_, i) => (byte)(i == 0 ? 1 : 0)).ToArray() },
                { "flags", "flags is 2", Wire.Bytes(block with { Flags = 2 }, samples) },
                { "frames zero", "frames is 0", Wire.Bytes(block with { FrameCount = 0 }) },
                { "frames beyond all", "frames is 8193", Wire.Bytes(block with { FrameCount = 8193 }) },
                { "frames beyond stream", "frames is 5, more than 4", Wire.Bytes(block with { FrameCount = 5, PayloadLength = 40 }) },
                { "channels", "channels is 1, not 2", Wire.Bytes(block with { AudioChannels = 1, PayloadLength = 8 }) },
                { "channels beyond all", "channels is 65", Wire.Bytes(block with { AudioChannels = 65 }) },
                { "payload length", "payload length is 15", Wire.Bytes(block with { PayloadLength = 15 }) },
                { "payload of gigabytes", "payload length is 4294967295", Wire.Bytes(block with { PayloadLength = uint.MaxValue }) },
                { "payload of silence", "payload length is 16", Wire.Bytes(block with { Flags = 1 }) },
                { "unknown stream", "stream id is 8", Wire.Bytes(block with { StreamId = 8 }, samples) },
                { "sent stream", "stream id is 20", Wire.Bytes(block with { StreamId = 20, Epoch = 0 }, samples) },
                { "newer epoch", "epoch is 4", Wire.Bytes(block with { Epoch = 4 }, samples) },
                { "negative epoch", "epoch is -1", Wire.Bytes(block with { Epoch = -1 }, samples) },
                { "position", "position is 1001", Wire.Bytes(block with { Position = 1001 }, samples) },
                { "negative position", "position is -1", Wire.Bytes(block with { Position = -1 }, samples) },
                { "sequence", "sequence is 1", Wire.Bytes(block with { Sequence = 1 }, samples) },
                { "credit of received stream", "stream id is 7", Wire.Bytes(credit with { StreamId = 7, Epoch = 3 }) },
                { "credit with frames", "frames is 1", Wire.Bytes(credit with { FrameCount = 1 }) },
                { "credit with payload", "payload length is 4", Wire.Bytes(credit with { PayloadLength = 4 }) },
                { "credit with sequence", "sequence is 4", Wire.Bytes(credit with { Sequence = 4 }) },
                { "shrinking credit", "a credit below", [.. Wire.Bytes(credit), .. Wire.Bytes(credit with { Position = 4 })] },
                { "shrinking early credit", "a credit below", [.. Wire.Bytes(credit with { StreamId = 99 }), .. Wire.Bytes(credit with { StreamId = 99, Position = 4 })] },
                { "shrinking horizon", "a horizon below", [.. Wire.Bytes(Wire.Other(AudioFrameType.Horizon, position: 9)), .. Wire.Bytes(Wire.Other(AudioFrameType.Horizon, position: 8))] },
                { "horizon with stream", "stream id is 1", Wire.Bytes(Wire.Other(AudioFrameType.Horizon, streamId: 1)) },
                { "end with position", "position is 1", Wire.Bytes(Wire.Other(AudioFrameType.End, position: 1)) },
                { "after the end", "1 bytes after the end", [.. Wire.Bytes(Wire.Other(AudioFrameType.End)), 1] },
            };
            foreach (var reserved in (int[])[26, 27, 36, 39])
            {
                var bytes = Wire.Bytes(block, samples);
                bytes[reserved] = 1;
                data.Add($"reserved byte {reserved}", "reserved is", bytes);
            }

            var beyond = Enumerable.Range(0, 3).SelectMany(i => Wire.Bytes(Wire.Block(Wire.First, 1000 + (i * 4), 4, (uint)i), new float[8]));
            data.Add("beyond the credit", "beyond the credit up to 1010", [.. beyond]);
            return data;
        }
    }

    [Theory, MemberData(nameof(Violations))]
    public async Task A_frame_that_does_not_fit_ends_the_link_by_name(string what, string named, byte[] bytes)
    {
        _ = what;
        await using var link = Wire.NewLink(new(bytes));
        var failure = await Assert.ThrowsAsync<AudioLinkException>(() => ReceiveAllAsync(link));
        Assert.Equal(AudioLinkError.ProtocolViolation, failure.Error);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Same(failure, await Assert.ThrowsAsync<AudioLinkException>(() => link.ReceiveAsync(new Recorder(), Token).AsTask()));
    }

    [Fact]
    public async Task A_length_is_refused_before_its_payload_is_waited_for()
    {
        await using var link = Wire.NewLink(new(Wire.Bytes(Wire.Block(Wire.First, 1000, 5))));
        var failure = await Assert.ThrowsAsync<AudioLinkException>(() => ReceiveAllAsync(link));
        Assert.Equal(AudioLinkError.ProtocolViolation, failure.Error);
    }

    [Fact]
    public async Task Early_credits_are_bounded()
    {
        var bytes = Enumerable.Range(100, 4097).SelectMany(id => Wire.Bytes(Wire.Other(AudioFrameType.Credit, id, 0, 1))).ToArray();
        await using var link = Wire.NewLink(new(bytes));
        var failure = await Assert.ThrowsAsync<AudioLinkException>(() => ReceiveAllAsync(link));
        Assert.Contains("one more than 4096", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cut_at_every_byte_an_exchange_is_a_reset_and_what_was_whole_was_heard()
    {
        var frames = Wire.Exchange();
        byte[] all = [.. frames.SelectMany(f => f)];
        for (var length = 0; length < all.Length; length++)
        {
            await using var link = Wire.NewLink(new(all.AsMemory(0, length)));
            var recorder = new Recorder();
            var failure = await Assert.ThrowsAsync<AudioLinkException>(() => ReceiveAllAsync(link, recorder));
            Assert.Equal(AudioLinkError.PeerReset, failure.Error);
            var whole = frames.TakeWhile((_, i) => frames.Take(i + 1).Sum(f => f.Length) <= length).Count();
            Assert.Equal(whole, recorder.Blocks.Count + recorder.Credits.Count + recorder.Horizons.Count);
        }
    }

    [Fact]
    public async Task Cut_into_two_pieces_anywhere_an_exchange_is_heard_the_same()
    {
        byte[] all = [.. Wire.Exchange().SelectMany(f => f)];
        for (var cut = 0; cut <= all.Length; cut++)
        {
            await using var link = Wire.NewLink(Wire.Cut(all, cut));
            var recorder = await ReceiveAllAsync(link);
            Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f], recorder.Blocks[3].Samples);
        }
    }

    [Fact]
    public async Task No_mutation_ends_in_anything_but_a_named_failure()
    {
        const int Seed = 20261;
        var random = new Random(Seed);
        var counts = new Dictionary<AudioLinkError, int>();
        var survivors = 0;
        byte[] original = [.. Wire.Exchange().SelectMany(f => f)];
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = Mutation.Of(original, random);
            await using var link = Wire.NewLink(bytes.Length > 2 && i % 4 == 0 ? Wire.Cut(bytes, random.Next(bytes.Length)) : new(bytes));
            var recorder = new Recorder();
            try
            {
                await ReceiveAllAsync(link, recorder);
                survivors++;
            }
            catch (AudioLinkException failure) when (failure.Error is AudioLinkError.ProtocolViolation or AudioLinkError.PeerReset)
            {
                counts[failure.Error] = counts.GetValueOrDefault(failure.Error) + 1;
            }
            catch (Exception exception)
            {
                Assert.Fail($"Seed {Seed}, mutation {i}: {exception}");
            }

            Assert.True(recorder.Blocks.All(b => b.Header.FrameCount <= 8), $"Seed {Seed}, mutation {i}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}: {survivors} harmless, {string.Join(", ", counts)}");
        Assert.True(counts[AudioLinkError.ProtocolViolation] > 1000 && counts[AudioLinkError.PeerReset] > 1000 && survivors > 1000);
    }

    private static async Task<Recorder> ReceiveAllAsync(PipeAudioLink link, Recorder? recorder = null)
    {
        recorder ??= new Recorder();
        while (await link.ReceiveAsync(recorder, Token))
        {
        }

        return recorder;
    }
}
