using System.Runtime.InteropServices;
using Loophole.Cluster.Links;

namespace Loophole.Cluster.Protocol.Tests.Contract;

/// <summary>Clauses of <see cref="IAudioLink"/>, each a run over any transport.</summary>
public static class LinkCases
{
    private static readonly AudioStream Stereo = new(Id: 7, Epoch: 0, AudioChannels: 2, MaxFramesPerBlock: 256, StartFrame: 1000);

    public static IReadOnlyDictionary<string, Func<Scene, Task>> All { get; } = new Dictionary<string, Func<Scene, Task>>
    {
        ["bits arrive intact"] = BitsArriveIntact,
        ["exact silence is a flag and minus zero is not"] = SilenceIsAFlag,
        ["credit stops one stream and another goes on"] = CreditStopsOneStream,
        ["credit given before the stream is opened holds"] = EarlyCreditHolds,
        ["an old epoch is dropped by number"] = OldEpochIsDropped,
        ["a closed stream is dropped"] = ClosedStreamIsDropped,
        ["blocks are contiguous and arguments are checked"] = ArgumentsAreChecked,
        ["horizons and credits never shrink"] = GrantsNeverShrink,
        ["a cancelled receive leaves the link usable"] = CancelledReceive,
        ["a cancelled flush still delivers"] = CancelledFlush,
        ["what was sent before completion is read to its end"] = CompletionDrains,
        ["disposal with unread bytes loses nothing that was sent"] = DisposalWithUnreadBytes,
        ["completion is one way"] = CompletionIsOneWay,
        ["going away without completion is a reset"] = GoingAwayIsAReset,
        ["an abort reaches the peer as a reset"] = AbortIsAReset,
        ["an abort of the connection ends its links"] = ConnectionAbortEndsLinks,
        ["a disposed link throws and wakes a pending receive"] = DisposeWakes,
        ["many streams in one flush arrive in order"] = ManyStreamsOneFlush,
        ["a stalled direction does not stop the other"] = StalledDirection,
        ["ends may dispose at any moment of traffic"] = DisposeInTraffic,
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task BitsArriveIntact(Scene scene)
    {
        var stream = Stereo with { MaxFramesPerBlock = 8192, StartFrame = 0 };
        var (near, far) = await scene.LinkAsync(1 << 20, stream);
        int[] hostile =
        [
            0x7FC00000, 0x7F800001, unchecked((int)0xFFC12345), 0x7FFFFFFF, unchecked((int)0x80000000), 1, 0x007FFFFF, 0x7F800000,
            unchecked((int)0xFF800000), 0x3F800000, 0, 0x00800000,
        ];
        var random = new Random(20);
        var sent = new List<float[]>();
        long position = 0;
        var recorder = new Recorder();
        foreach (var frames in (int[])[1, 2, 3, 255, 256, 257, 4096, 8191, 8192])
        {
            var bits = Enumerable.Range(0, frames * 2).Select(i => i < hostile.Length ? hostile[i] : random.Next(int.MinValue, int.MaxValue)).ToArray();
            var samples = MemoryMarshal.Cast<int, float>(bits).ToArray();
            Assert.True(near.TrySend(stream.Id, position, samples));
            await Wait.For(near.FlushAsync(Token));
            sent.Add(samples);
            position += frames;
            while (recorder.Blocks.Count < sent.Count)
            {
                Assert.True(await Wait.For(far.ReceiveAsync(recorder, Token)));
            }
        }

        foreach (var (block, samples) in recorder.Blocks.Zip(sent))
        {
            Assert.Equal(MemoryMarshal.Cast<float, int>(samples), MemoryMarshal.Cast<float, int>(block.Samples));
        }

        Assert.Equal(sent.Select(s => s.Length / 2), recorder.Blocks.Select(b => b.Header.FrameCount));
    }

    private static async Task SilenceIsAFlag(Scene scene)
    {
        var (near, far) = await scene.LinkAsync(2000, Stereo);
        var silence = new float[20];
        var minusZero = new float[20];
        minusZero[19] = -0f;
        near.TrySend(7, 1000, silence);
        near.TrySend(7, 1010, minusZero);
        await Wait.For(near.FlushAsync(Token));
        var blocks = await ReceiveAsync(far, 2);
        Assert.True(blocks[0].IsSilent);
        Assert.Equal(10, blocks[0].Header.FrameCount);
        Assert.False(blocks[1].IsSilent);
        Assert.True(float.IsNegative(blocks[1].Samples[19]));
    }

    private static async Task CreditStopsOneStream(Scene scene)
    {
        var other = Stereo with { Id = 8 };
        var (near, far) = await scene.LinkAsync(1100, Stereo, other);
        far.Grant(8, 5000);
        await Wait.For(far.FlushAsync(Token));
        var heard = new Recorder();
        await Wait.For(near.ReceiveAsync(heard, Token));
        Assert.Equal([(8, 5000L)], heard.Credits);
        Assert.True(near.TrySend(7, 1000, new float[200]));
        Assert.False(near.TrySend(7, 1100, new float[2]));
        Assert.True(near.TrySend(8, 1000, new float[512]));
        Assert.True(near.TrySend(8, 1256, new float[512]));
        await Wait.For(near.FlushAsync(Token));
        Assert.Equal([7, 8, 8], (await ReceiveAsync(far, 3)).Select(b => b.Header.StreamId));

        far.Grant(7, 1101);
        await Wait.For(far.FlushAsync(Token));
        await Wait.For(near.ReceiveAsync(heard, Token));
        Assert.False(near.TrySend(7, 1100, new float[4]));
        Assert.True(near.TrySend(7, 1100, new float[2]));
        await Wait.For(near.FlushAsync(Token));
        Assert.Equal(1100, (await ReceiveAsync(far, 1))[0].Header.StartFrame);
    }

    private static async Task EarlyCreditHolds(Scene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        far.OpenStream(Stereo with { Id = 9 }, StreamDirection.Receive);
        far.Grant(9, 1064);
        far.OpenStream(Stereo with { Epoch = 3, StartFrame = 400 }, StreamDirection.Receive);
        far.Grant(7, 464);
        far.GrantHorizon(1);
        await Wait.For(far.FlushAsync(Token));
        var heard = new Recorder();
        await Wait.For(near.ReceiveAsync(heard, Token));
        Assert.Empty(heard.Credits);
        near.OpenStream(Stereo with { Id = 9 }, StreamDirection.Send);
        near.OpenStream(Stereo with { Epoch = 3, StartFrame = 400 }, StreamDirection.Send);
        Assert.True(near.TrySend(9, 1000, new float[128]));
        Assert.False(near.TrySend(9, 1064, new float[2]));
        Assert.True(near.TrySend(7, 400, new float[128]));
        Assert.False(near.TrySend(7, 464, new float[2]));
    }

    private static async Task OldEpochIsDropped(Scene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        Assert.True(near.TrySend(7, 1000, Noise(64)));
        Assert.True(near.TrySend(7, 1032, Noise(64)));
        await Wait.For(near.FlushAsync(Token));
        far.OpenStream(Stereo with { Epoch = 2, StartFrame = 500 }, StreamDirection.Receive);
        far.Grant(7, 600);
        await Wait.For(far.FlushAsync(Token));
        near.OpenStream(Stereo with { Epoch = 2, StartFrame = 500 }, StreamDirection.Send);
        var heard = new Recorder();
        while (!near.TrySend(7, 500, Noise(64)))
        {
            await Wait.For(near.ReceiveAsync(heard, Token));
        }

        await Wait.For(near.FlushAsync(Token));
        var block = (await ReceiveAsync(far, 1))[0];
        Assert.Equal((2, 500L), (block.Header.Epoch, block.Header.StartFrame));
        Assert.Equal(2, ((PipeAudioLink)far).DroppedBlocks);
        Assert.Throws<ArgumentOutOfRangeException>(() => far.OpenStream(Stereo with { Epoch = 2 }, StreamDirection.Receive));
    }

    private static async Task ClosedStreamIsDropped(Scene scene)
    {
        var other = Stereo with { Id = 8 };
        var (near, far) = await scene.LinkAsync(5000, Stereo, other);
        far.CloseStream(7);
        far.CloseStream(12345);
        Assert.Throws<InvalidOperationException>(() => far.Grant(7, 9000));
        near.TrySend(7, 1000, Noise(64));
        near.TrySend(8, 1000, Noise(64));
        await Wait.For(near.FlushAsync(Token));
        Assert.Equal(8, (await ReceiveAsync(far, 1))[0].Header.StreamId);
        Assert.Equal(1, ((PipeAudioLink)far).DroppedBlocks);
        near.CloseStream(7);
        Assert.Throws<InvalidOperationException>(() => near.TrySend(7, 1032, Noise(64)));
    }

    private static async Task ArgumentsAreChecked(Scene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        Assert.True(near.TrySend(7, 1000, Noise(64)));
        Assert.Throws<ArgumentOutOfRangeException>(() => near.TrySend(7, 1000, Noise(64)));
        Assert.Throws<ArgumentOutOfRangeException>(() => near.TrySend(7, 1033, Noise(64)));
        Assert.Throws<ArgumentException>(() => near.TrySend(7, 1032, Noise(3)));
        Assert.Throws<ArgumentException>(() => near.TrySend(7, 1032, []));
        Assert.Throws<ArgumentException>(() => near.TrySend(7, 1032, Noise(514)));
        Assert.Throws<InvalidOperationException>(() => near.TrySend(6, 0, Noise(64)));
        Assert.Throws<InvalidOperationException>(() => near.Grant(7, 9000));
        Assert.Throws<InvalidOperationException>(() => far.TrySend(7, 1000, Noise(64)));
        Assert.Throws<ArgumentOutOfRangeException>(() => near.OpenStream(Stereo with { Id = 1, AudioChannels = 0 }, StreamDirection.Send));
        Assert.Throws<ArgumentOutOfRangeException>(() => near.OpenStream(Stereo with { Id = 1, AudioChannels = 65 }, StreamDirection.Send));
        Assert.Throws<ArgumentOutOfRangeException>(() => near.OpenStream(Stereo with { Id = 1, MaxFramesPerBlock = 0 }, StreamDirection.Send));
        Assert.Throws<ArgumentOutOfRangeException>(() => near.OpenStream(Stereo with { Id = 1, MaxFramesPerBlock = 8193 }, StreamDirection.Send));
        Assert.Throws<ArgumentOutOfRangeException>(() => near.OpenStream(Stereo with { Id = 1, Epoch = -1 }, StreamDirection.Send));
        Assert.Throws<ArgumentOutOfRangeException>(() => near.OpenStream(Stereo with { Id = 1, StartFrame = -1 }, StreamDirection.Send));
        Assert.Throws<ArgumentOutOfRangeException>(() => near.OpenStream(Stereo with { Id = 1 }, (StreamDirection)2));
        Assert.Throws<ArgumentOutOfRangeException>(() => near.OpenStream(Stereo, StreamDirection.Send));
        Assert.True(near.TrySend(7, 1032, Noise(64)));
        await Wait.For(near.FlushAsync(Token));
        Assert.Equal([1000L, 1032L], (await ReceiveAsync(far, 2)).Select(b => b.Header.StartFrame));
    }

    private static async Task GrantsNeverShrink(Scene scene)
    {
        var (near, far) = await scene.LinkAsync(2000, Stereo);
        far.Grant(7, 1500);
        far.Grant(7, -1);
        far.Grant(7, 2000);
        far.Grant(7, 2500);
        far.GrantHorizon(100);
        far.GrantHorizon(50);
        far.GrantHorizon(200);
        far.GrantHorizon(-1);
        await Wait.For(far.FlushAsync(Token));
        var heard = new Recorder();
        while (heard.Horizons.Count < 2)
        {
            await Wait.For(near.ReceiveAsync(heard, Token));
        }

        Assert.Equal([(7, 2500L)], heard.Credits);
        Assert.Equal([100L, 200L], heard.Horizons);
    }

    private static async Task CancelledReceive(Scene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        for (var i = 0; i < 20; i++)
        {
            using var own = new CancellationTokenSource();
            var waiting = far.ReceiveAsync(new Recorder(), own.Token).AsTask();
            await own.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }

        Assert.Null(far.Failure);
        near.TrySend(7, 1000, Noise(64));
        await Wait.For(near.FlushAsync(Token));
        Assert.Single(await ReceiveAsync(far, 1));
    }

    private static async Task CancelledFlush(Scene scene)
    {
        var stream = Stereo with { StartFrame = 0, MaxFramesPerBlock = 8192 };
        var (near, far) = await scene.LinkAsync(long.MaxValue, stream);
        var block = Noise(16384);
        long sent = 0;
        while (true)
        {
            // Fill until the transport takes no more: nobody reads yet.
            Assert.True(near.TrySend(7, sent * 8192, block));
            sent++;
            using var own = new CancellationTokenSource();
            var flushing = near.FlushAsync(own.Token);
            if (flushing.IsCompleted)
            {
                await flushing;
                continue;
            }

            var pending = flushing.AsTask();
            if (await Task.WhenAny(pending, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Token)) == pending)
            {
                continue;
            }

            Assert.Throws<InvalidOperationException>(() => near.TrySend(7, sent * 8192, block));
            await own.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
            break;
        }

        Assert.True(near.TrySend(7, sent * 8192, block));
        sent++;
        var last = near.FlushAsync(Token).AsTask();
        var blocks = await ReceiveAsync(far, (int)sent);
        Assert.All(blocks, b => Assert.Equal(block, b.Samples));
        await Wait.For(last);
    }

    private static async Task CompletionDrains(Scene scene)
    {
        var (near, far) = await scene.LinkAsync(100_000, Stereo);
        for (var i = 0; i < 100; i++)
        {
            Assert.True(near.TrySend(7, 1000 + (i * 32), Noise(64)));
        }

        await Wait.For(near.CompleteAsync(Token));
        await Wait.For(near.CompleteAsync(Token));
        Assert.Throws<InvalidOperationException>(() => near.TrySend(7, 4200, Noise(64)));
        await Wait.For(near.DisposeAsync());
        var recorder = new Recorder();
        while (await Wait.For(far.ReceiveAsync(recorder, Token)))
        {
        }

        Assert.Equal(100, recorder.Blocks.Count);
        Assert.False(await Wait.For(far.ReceiveAsync(recorder, Token)));
        Assert.Null(far.Failure);
        await Wait.For(far.CompleteAsync(Token));
    }

    private static async Task DisposalWithUnreadBytes(Scene scene)
    {
        // More than the pipes hold, so that a part of it stands in the network when the sender closes.
        const int Blocks = 40;
        var stream = Stereo with { MaxFramesPerBlock = 8192, StartFrame = 0 };
        var (near, far) = await scene.LinkAsync(long.MaxValue, stream);
        far.GrantHorizon(1);
        await Wait.For(far.FlushAsync(Token));
        var block = Noise(16384);
        var ending = Task.Run(
            async () =>
            {
                for (var i = 0; i < Blocks; i++)
                {
                    Assert.True(near.TrySend(7, i * 8192L, block));
                    await near.FlushAsync(Token);
                }

                await near.CompleteAsync(Token);
                await near.DisposeAsync();
            },
            Token);

        // Long enough for a transport that can end before anybody reads; others wait for the reads below.
        await Task.WhenAny(ending, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Token));
        for (var horizon = 2; horizon < 5; horizon++)
        {
            far.GrantHorizon(horizon);
            await Wait.For(far.FlushAsync(Token));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
        }

        var recorder = new Recorder();
        while (await Wait.For(far.ReceiveAsync(recorder, Token)))
        {
        }

        Assert.Equal(Blocks, recorder.Blocks.Count);
        await Wait.For(ending);
    }

    private static async Task CompletionIsOneWay(Scene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        await Wait.For(far.CompleteAsync(Token));
        Assert.False(await Wait.For(near.ReceiveAsync(new Recorder(), Token)));
        Assert.True(near.TrySend(7, 1000, Noise(64)));
        await Wait.For(near.FlushAsync(Token));
        Assert.Single(await ReceiveAsync(far, 1));
    }

    private static async Task GoingAwayIsAReset(Scene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        near.TrySend(7, 1000, Noise(64));
        await Wait.For(near.FlushAsync(Token));
        await Wait.For(near.DisposeAsync());
        var recorder = new Recorder();
        var failure = await Assert.ThrowsAsync<AudioLinkException>(async () =>
        {
            while (await Wait.For(far.ReceiveAsync(recorder, Token)))
            {
            }
        });
        Assert.Equal(AudioLinkError.PeerReset, failure.Error);
        await Wait.For(far.Closed);
        Assert.Same(failure, far.Failure);
    }

    private static async Task AbortIsAReset(Scene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        var waitingFar = far.ReceiveAsync(new Recorder(), Token).AsTask();
        var waitingNear = near.ReceiveAsync(new Recorder(), Token).AsTask();
        near.Abort("test");
        near.Abort("again");
        Assert.Equal(AudioLinkError.PeerReset, (await Assert.ThrowsAsync<AudioLinkException>(() => Wait.For(waitingFar))).Error);
        Assert.Equal(AudioLinkError.Aborted, (await Assert.ThrowsAsync<AudioLinkException>(() => Wait.For(waitingNear))).Error);
        await Wait.For(near.Closed);
        await Wait.For(far.Closed);
        Assert.Equal(AudioLinkError.Aborted, near.Failure!.Error);
        Assert.Equal(AudioLinkError.PeerReset, far.Failure!.Error);
        Assert.Throws<AudioLinkException>(() => near.TrySend(7, 1000, Noise(64)));
        Assert.Throws<AudioLinkException>(() => far.Grant(7, 9000));
        await Assert.ThrowsAsync<AudioLinkException>(() => far.FlushAsync(Token).AsTask());
        Assert.False(scene.Near.Closed.IsCancellationRequested);
        Assert.False(scene.Far.Closed.IsCancellationRequested);
    }

    private static async Task ConnectionAbortEndsLinks(Scene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        scene.Far.Abort("test");
        await Wait.For(near.Closed);
        await Wait.For(far.Closed);
        await Wait.For(scene.Near.Closed);
        await Wait.For(scene.Far.Closed);
        Assert.Equal(AudioLinkError.PeerReset, near.Failure!.Error);
        Assert.Equal(AudioLinkError.Aborted, far.Failure!.Error);
        Assert.Null(await Wait.For(scene.Near.AcceptAudioLinkAsync(Token)));
    }

    private static async Task DisposeWakes(Scene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        var waiting = far.ReceiveAsync(new Recorder(), Token).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(() => far.ReceiveAsync(new Recorder(), Token).AsTask());
        await Wait.For(far.DisposeAsync());
        await Wait.For(far.DisposeAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Wait.For(waiting));
        Assert.True(far.Closed.IsCancellationRequested);
        Assert.Throws<ObjectDisposedException>(() => far.Grant(7, 9000));
        Assert.Throws<ObjectDisposedException>(() => far.OpenStream(Stereo with { Id = 1 }, StreamDirection.Send));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => far.FlushAsync(Token).AsTask());
        far.Abort("nothing happens");
        Assert.Null(far.Failure);
        _ = near;
    }

    private static async Task ManyStreamsOneFlush(Scene scene)
    {
        const int Streams = 64;
        const int Periods = 20;
        var streams = Enumerable.Range(0, Streams).Select(i => new AudioStream(i, 0, 2, 256, 0)).ToArray();
        var (near, far) = await scene.LinkAsync(1 << 20, streams);
        var recorder = new Recorder();
        for (var period = 0; period < Periods; period++)
        {
            foreach (var stream in streams)
            {
                Assert.True(near.TrySend(stream.Id, period * 256, Noise(512)));
            }

            await Wait.For(near.FlushAsync(Token));
            while (recorder.Blocks.Count < Streams * (period + 1))
            {
                await Wait.For(far.ReceiveAsync(recorder, Token));
            }
        }

        Assert.Equal(
            Enumerable.Range(0, Periods).SelectMany(p => streams.Select(s => (s.Id, p * 256L))),
            recorder.Blocks.Select(b => (b.Header.StreamId, b.Header.StartFrame)));
    }

    private static async Task StalledDirection(Scene scene)
    {
        var there = new AudioStream(1, 0, 2, 8192, 0);
        var back = new AudioStream(2, 0, 2, 8192, 0);
        var (near, far) = await scene.LinkAsync(long.MaxValue, there);
        far.OpenStream(back, StreamDirection.Send);
        near.OpenStream(back, StreamDirection.Receive);
        near.Grant(2, long.MaxValue);
        await Wait.For(near.FlushAsync(Token));

        // Far never reads blocks from here on, so near's sending stalls; what far sends must still arrive.
        while (!far.TrySend(2, 0, Noise(16384)))
        {
            await Wait.For(far.ReceiveAsync(new Recorder(), Token));
        }

        var block = Noise(16384);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var stalled = Task.Run(
            async () =>
            {
                for (long position = 0; ; position += 8192)
                {
                    Assert.True(near.TrySend(1, position, block));
                    await near.FlushAsync(stop.Token);
                }
            },
            Token);
        var recorder = new Recorder();
        for (var i = 1; i <= 500; i++)
        {
            var flushing = far.FlushAsync(Token);
            while (recorder.Blocks.Count < i)
            {
                await Wait.For(near.ReceiveAsync(recorder, Token));
            }

            await Wait.For(flushing);
            Assert.True(far.TrySend(2, i * 8192L, block));
        }

        Assert.False(stalled.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(stalled));
    }

    private static async Task DisposeInTraffic(Scene scene)
    {
        for (var round = 0; round < 20; round++)
        {
            var (near, far) = await scene.LinkAsync(long.MaxValue, Stereo);
            var enough = new TaskCompletionSource();
            var sending = Task.Run(
                async () =>
                {
                    for (long position = 1000; ; position += 256)
                    {
                        near.TrySend(7, position, Noise(512));
                        await near.FlushAsync(Token);
                    }
                },
                Token);
            var receiving = Task.Run(
                async () =>
                {
                    var recorder = new Recorder();
                    while (await far.ReceiveAsync(recorder, Token))
                    {
                        if (recorder.Blocks.Count > 20)
                        {
                            enough.TrySetResult();
                        }
                    }
                },
                Token);
            await Wait.For(enough.Task);
            await Wait.For((round % 2 == 0 ? near : far).DisposeAsync());
            var ended = await Wait.For(Task.WhenAny(sending, receiving));
            await Assert.ThrowsAnyAsync<Exception>(() => ended);
            await Wait.For((round % 2 == 0 ? far : near).DisposeAsync());
            var faults = await Task.WhenAll(Catch(sending), Catch(receiving));
            Assert.All(faults, f => Assert.True(f is AudioLinkException or ObjectDisposedException, f?.ToString()));
        }
    }

    private static async Task<Exception?> Catch(Task task)
    {
        try
        {
            await Wait.For(task);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private static float[] Noise(int samples)
    {
        var noise = new float[samples];
        for (var i = 0; i < samples; i++)
        {
            noise[i] = (i + 1) / 65536f;
        }

        return noise;
    }

    private static async Task<List<(AudioBlockHeader Header, bool IsSilent, float[] Samples)>> ReceiveAsync(IAudioLink link, int blocks)
    {
        var recorder = new Recorder();
        while (recorder.Blocks.Count < blocks)
        {
            Assert.True(await Wait.For(link.ReceiveAsync(recorder, Token)), $"The link ended after {recorder.Blocks.Count} of {blocks} blocks.");
        }

        return recorder.Blocks;
    }
}
