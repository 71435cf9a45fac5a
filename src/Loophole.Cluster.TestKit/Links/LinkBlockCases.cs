using System.Runtime.InteropServices;
using Loophole.Cluster.Links;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;

namespace Loophole.Cluster.TestKit.Links;

/// <summary>Blocks arrive as they were sent.</summary>
internal static class LinkBlockCases
{
    private static readonly int[] HostileBits =
    [
        0x7FC00000, 0x7F800001, unchecked((int)0xFFC12345), 0x7FFFFFFF, unchecked((int)0x80000000), 1, 0x007FFFFF, 0x7F800000,
        unchecked((int)0xFF800000), 0x3F800000, 0, 0x00800000,
    ];

    public static ConformanceCase<TransportSubject>[] All { get; } =
    [
        TransportCase.On("LINK-001", "Samples arrive bit for bit: NaN payloads, denormals, infinities and minus zero too.", "IAudioLink: Shape", BitsArriveIntactAsync),
        TransportCase.On("LINK-002", "Exact silence travels as a flag; a block with a minus zero in it is not silent.", "IAudioLink: Shape", SilenceIsAFlagAsync),
        TransportCase.On("LINK-003", "A block arrives with stream, epoch, start frame, frames and channels as they were sent.", "AudioBlockHeader", HeadersArriveAsync),
        TransportCase.On("LINK-004", "The blocks of many streams in one flush arrive in the order sent.", "IAudioLink: Lossless", ManyStreamsOneFlushAsync),
        TransportCase.On("LINK-005", "A link carries 4096 streams.", "IAudioLink", ManyStreamsAsync),
        TransportCase.On("LINK-006", "The largest block there is, 8192 frames of 64 channels, arrives whole.", "AudioStream", LargestBlockAsync),
        TransportCase.On("LINK-007", "Small and large blocks in one flush keep their order and their samples.", "IAudioLink: Lossless", MixedSizesAsync),
        TransportCase.On("LINK-008", "Any range of a block can be copied, wherever the link's memory is cut; a range outside is refused.", "AudioBlock.CopyTo", AnyRangeAsync),
        TransportCase.On("LINK-009", "The caller may overwrite its samples as soon as TrySend has returned.", "IAudioLink: Ownership", CallerKeepsBufferAsync),
        TransportCase.On("LINK-010", "A small flush arrives in one piece: one receive hands over all of it.", "IAudioLink: Flush", OnePieceAsync),
    ];

    private static async Task BitsArriveIntactAsync(TransportScene scene)
    {
        const int Seed = 20;
        var stream = TestAudio.Wide;
        var (near, far) = await scene.LinkAsync(1 << 20, stream);
        var random = new Random(Seed);
        var sent = new List<float[]>();
        long position = 0;
        foreach (var frames in (int[])[1, 2, 3, 255, 256, 257, 4096, 8191, 8192])
        {
            var bits = Enumerable.Range(0, frames * 2).Select(i => i < HostileBits.Length ? HostileBits[i] : random.Next(int.MinValue, int.MaxValue)).ToArray();
            sent.Add(MemoryMarshal.Cast<int, float>(bits).ToArray());
        }

        var receiving = scene.ReceiveAsync(far, sent.Count);
        foreach (var samples in sent)
        {
            Expect.True(near.TrySend(stream.Id, position, samples));
            await scene.Wait.For(near.FlushAsync(scene.Token));
            position += samples.Length / 2;
        }

        var got = await receiving;
        for (var i = 0; i < sent.Count; i++)
        {
            Expect.Sequence(TestAudio.Bits(sent[i]), TestAudio.Bits(got[i].Samples), $"the bits of block {i}, random seed {Seed}");
        }
    }

    private static async Task SilenceIsAFlagAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(2000, TestAudio.Stereo);
        var minusZero = new float[20];
        minusZero[19] = -0f;
        Expect.True(near.TrySend(7, 1000, new float[20]));
        Expect.True(near.TrySend(7, 1010, minusZero));
        await scene.Wait.For(near.FlushAsync(scene.Token));
        var blocks = await scene.ReceiveAsync(far, 2);
        Expect.True(blocks[0].IsSilent);
        Expect.Equal(10, blocks[0].Header.FrameCount);
        Expect.Sequence(new float[20], blocks[0].Samples);
        Expect.False(blocks[1].IsSilent);
        Expect.Sequence(TestAudio.Bits(minusZero), TestAudio.Bits(blocks[1].Samples));
    }

    private static async Task HeadersArriveAsync(TransportScene scene)
    {
        AudioStream[] streams =
        [
            new(0, 0, 1, 1, 0), new(int.MaxValue, int.MaxValue, 64, 8192, long.MaxValue - 8192), new(5, 3, 7, 100, 1L << 40),
        ];
        var (near, far) = await scene.LinkAsync(long.MaxValue, streams);
        foreach (var stream in streams)
        {
            Expect.True(near.TrySend(stream.Id, stream.StartFrame, TestAudio.Noise(stream.AudioChannels)));
        }

        await scene.Wait.For(near.FlushAsync(scene.Token));
        var got = await scene.ReceiveAsync(far, streams.Length);
        Expect.Sequence(streams.Select(s => new AudioBlockHeader(s.Id, s.Epoch, s.StartFrame, 1, s.AudioChannels)), got.Select(b => b.Header), "the headers");
        foreach (var block in got)
        {
            Expect.Sequence(TestAudio.Noise(block.Header.AudioChannels), block.Samples);
        }
    }

    private static async Task ManyStreamsOneFlushAsync(TransportScene scene)
    {
        const int Streams = 64;
        const int Periods = 20;
        var streams = Enumerable.Range(0, Streams).Select(i => new AudioStream(i, 0, 2, 256, 0)).ToArray();
        var (near, far) = await scene.LinkAsync(1 << 20, streams);
        for (var period = 0; period < Periods; period++)
        {
            foreach (var stream in streams)
            {
                Expect.True(near.TrySend(stream.Id, period * 256L, TestAudio.Noise(512)));
            }

            var flushing = near.FlushAsync(scene.Token).AsTask();
            var got = await scene.ReceiveAsync(far, Streams);
            Expect.Sequence(streams.Select(s => (s.Id, period * 256L)), got.Select(b => (b.Header.StreamId, b.Header.StartFrame)), $"stream and frame in period {period}");
            await scene.Wait.For(flushing);
        }
    }

    private static async Task ManyStreamsAsync(TransportScene scene)
    {
        const int Streams = 4096;
        var streams = Enumerable.Range(0, Streams).Select(i => new AudioStream(i * 3, 1, 1, 4, i)).ToArray();
        var (near, far) = await scene.LinkAsync(1 << 20, streams);
        foreach (var stream in streams)
        {
            Expect.True(near.TrySend(stream.Id, stream.StartFrame, [stream.Id + 0.5f]));
        }

        var flushing = near.FlushAsync(scene.Token).AsTask();
        var got = await scene.ReceiveAsync(far, Streams);
        Expect.Sequence(streams.Select(s => (s.Id, s.StartFrame, s.Id + 0.5f)), got.Select(b => (b.Header.StreamId, b.Header.StartFrame, b.Samples[0])));
        await scene.Wait.For(flushing);
    }

    private static async Task LargestBlockAsync(TransportScene scene)
    {
        var stream = TestAudio.Wide with { AudioChannels = 64 };
        var (near, far) = await scene.LinkAsync(1 << 20, stream);
        var samples = TestAudio.Noise(8192 * 64);
        var receiving = scene.ReceiveAsync(far, 3);
        for (var i = 0; i < 3; i++)
        {
            Expect.True(near.TrySend(stream.Id, i * 8192L, samples));
            await scene.Wait.For(near.FlushAsync(scene.Token));
        }

        foreach (var block in await receiving)
        {
            Expect.Sequence(samples, block.Samples);
        }
    }

    private static async Task MixedSizesAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(1 << 20, TestAudio.Wide);
        int[] sizes = [1, 8192, 1, 1, 4097, 3, 8192, 2];
        long position = 0;
        foreach (var frames in sizes)
        {
            Expect.True(near.TrySend(7, position, TestAudio.Noise(frames * 2)));
            position += frames;
        }

        var flushing = near.FlushAsync(scene.Token).AsTask();
        var got = await scene.ReceiveAsync(far, sizes.Length);
        Expect.Sequence(sizes, got.Select(b => b.Header.FrameCount));
        foreach (var block in got)
        {
            Expect.Sequence(TestAudio.Noise(block.Header.FrameCount * 2), block.Samples);
        }

        await scene.Wait.For(flushing);
    }

    private static async Task AnyRangeAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(1 << 20, TestAudio.Wide);
        Expect.True(near.TrySend(7, 0, TestAudio.Noise(16384)));
        var flushing = near.FlushAsync(scene.Token).AsTask();
        var reader = new RangeReader();
        while (!reader.IsDone)
        {
            Expect.True(await scene.Wait.For(far.ReceiveAsync(reader, scene.Token)));
        }

        await scene.Wait.For(flushing);
        Expect.Null(reader.Fault);
    }

    private static async Task CallerKeepsBufferAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, TestAudio.Stereo);
        var samples = TestAudio.Noise(64);
        Expect.True(near.TrySend(7, 1000, samples));
        Array.Fill(samples, float.NaN);
        await scene.Wait.For(near.FlushAsync(scene.Token));
        Expect.Sequence(TestAudio.Noise(64), (await scene.ReceiveAsync(far, 1))[0].Samples);
    }

    private static async Task OnePieceAsync(TransportScene scene)
    {
        const int Streams = 4;
        var streams = Enumerable.Range(0, Streams).Select(i => new AudioStream(i, 0, 2, 8, 0)).ToArray();
        var (near, far) = await scene.LinkAsync(1 << 20, streams);
        for (var period = 0; period < 50; period++)
        {
            var heard = new BlockRecorder();
            var receiving = far.ReceiveAsync(heard, scene.Token).AsTask();
            foreach (var stream in streams)
            {
                Expect.True(near.TrySend(stream.Id, period * 8L, TestAudio.Noise(16)));
            }

            await scene.Wait.For(near.FlushAsync(scene.Token));
            await scene.Wait.For(receiving);
            Expect.Equal(Streams, heard.Blocks.Count, "the number of blocks that one receive hands over");
        }
    }

    /// <summary>Copies a block in pieces of many sizes while it is still in the link's memory.</summary>
    private sealed class RangeReader : IAudioLinkReceiver
    {
        public bool IsDone { get; private set; }

        public string? Fault { get; private set; }

        public void OnBlock(in AudioBlock block)
        {
            IsDone = true;
            var whole = TestAudio.Noise(block.SampleCount);
            foreach (var size in (int[])[1, 7, 1023, 4096, block.SampleCount])
            {
                for (var first = 0; first + size <= block.SampleCount; first += size)
                {
                    var piece = new float[size];
                    block.CopyTo(first, piece);
                    if (!piece.AsSpan().SequenceEqual(whole.AsSpan(first, size)))
                    {
                        Fault ??= $"{size} samples from {first} differ";
                    }
                }
            }

            foreach (var (first, size) in ((int, int)[])[(-1, 1), (block.SampleCount, 1), (0, block.SampleCount + 1)])
            {
                try
                {
                    block.CopyTo(first, new float[size]);
                    Fault ??= $"{size} samples from {first} were copied";
                }
                catch (ArgumentOutOfRangeException)
                {
                    // As it must be.
                }
            }
        }

        public void OnCredit(int streamId, long limitFrame)
        {
        }

        public void OnHorizon(long horizonFrame)
        {
        }
    }
}
