using Loophole.Cluster.Links;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;

namespace Loophole.Cluster.TestKit.Links;

/// <summary>Receiving, awaited and on a thread of its own.</summary>
internal static class LinkReceiveCases
{
    private static readonly AudioStream Stereo = TestAudio.Stereo;

    public static ConformanceCase<TransportSubject>[] All { get; } =
    [
        TransportCase.On("LINK-050", "A cancelled receive leaves the link usable and loses nothing.", "IAudioLink.ReceiveAsync", CancelledAsync),
        TransportCase.On("LINK-051", "A receive whose token has fired before throws, and loses nothing.", "IAudioLink.ReceiveAsync", CancelledBeforeAsync),
        TransportCase.On("LINK-052", "Receive hands over on the calling thread all that arrives.", "IAudioLink.Receive", OnThreadAsync),
        TransportCase.On("LINK-053", "A cancelled Receive lets its thread go within 100 ms, and loses nothing.", "IAudioLink.Receive", CancelledOnThreadAsync),
        TransportCase.On("LINK-054", "Receive ends as ReceiveAsync does: false after completion, the failure, or disposal.", "IAudioLink.Receive", EndsOnThreadAsync),
        TransportCase.On("LINK-055", "Receive and ReceiveAsync may take turns.", "IAudioLink.Receive", TakingTurnsAsync),
        TransportCase.On("LINK-056", "A receive may wait before anything is sent; a send and a receive may overlap, both ways at once.", "IAudioLink: Threads", OverlapAsync),
        TransportCase.On("LINK-057", "The receiver is called before the receive completes, one call at a time, and never after.", "IAudioLinkReceiver", CallsAreInsideAsync),
        TransportCase.On("LINK-058", "Whether a link waits at the network never changes: not by use, failure or disposal.", "IAudioLink.WaitsAtNetwork", SaysTheSameAsync),
        TransportCase.On("LINK-059", "Receive of a link that waits at the network wakes no pool thread for what arrives.", "IAudioLink.WaitsAtNetwork", WakesNobodyAsync, runsAlone: true),
    ];

    private static async Task CancelledAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        for (var i = 0; i < 20; i++)
        {
            using var own = new CancellationTokenSource();
            var waiting = far.ReceiveAsync(new BlockRecorder(), own.Token).AsTask();
            await own.CancelAsync();
            await Expect.ThrowsAsync<OperationCanceledException>(scene.Wait.For(waiting));
            Expect.Null(far.Failure);
            Expect.True(near.TrySend(7, 1000 + i, TestAudio.Noise(2)));
            await scene.Wait.For(near.FlushAsync(scene.Token));
            Expect.Equal(1000L + i, (await scene.ReceiveAsync(far, 1))[0].Header.StartFrame);
        }
    }

    private static async Task CancelledBeforeAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        var fired = new CancellationToken(canceled: true);
        await Expect.ThrowsAsync<OperationCanceledException>(scene.Wait.For(Calling.Async(() => far.ReceiveAsync(new BlockRecorder(), fired))));
        await Expect.ThrowsAsync<OperationCanceledException>(scene.Wait.For(OwnThread.RunAsync(() => far.Receive(new BlockRecorder(), fired))));
        Expect.Null(far.Failure);
        Expect.True(near.TrySend(7, 1000, TestAudio.Noise(2)));
        await scene.Wait.For(near.FlushAsync(scene.Token));
        await scene.ReceiveAsync(far, 1);
    }

    private static async Task OnThreadAsync(TransportScene scene)
    {
        const int Blocks = 200;
        var (near, far) = await scene.LinkAsync(1 << 20, Stereo);
        var heard = new BlockRecorder();
        var receiving = OwnThread.RunAsync(() =>
        {
            var isOpen = true;
            while (isOpen && heard.Blocks.Count < Blocks)
            {
                isOpen = far.Receive(heard, scene.Token);
            }

            return isOpen;
        });
        for (var i = 0; i < Blocks; i++)
        {
            Expect.True(near.TrySend(7, 1000 + (i * 256L), TestAudio.Noise(512)));
            await scene.Wait.For(near.FlushAsync(scene.Token));
        }

        Expect.True(await scene.Wait.For(receiving, $"{Blocks} blocks on a thread"));
        Expect.Sequence(Enumerable.Range(0, Blocks).Select(i => 1000 + (i * 256L)), heard.Blocks.Select(b => b.Header.StartFrame), "the start frames");
        foreach (var block in heard.Blocks)
        {
            Expect.Sequence(TestAudio.Noise(512), block.Samples);
        }
    }

    private static async Task CancelledOnThreadAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        var soonest = TimeSpan.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            using var own = new CancellationTokenSource();
            using var isThere = new ManualResetEventSlim();
            var waiting = OwnThread.RunAsync(() =>
            {
                isThere.Set();
                return far.Receive(new BlockRecorder(), own.Token);
            });
            await scene.Wait.For(Task.Run(() => isThere.Wait(scene.Token), scene.Token), "a thread");
            var cancelled = TimeProvider.System.GetTimestamp();
            await own.CancelAsync();
            await Expect.ThrowsAsync<OperationCanceledException>(scene.Wait.For(waiting, "the end of a cancelled Receive"), "a cancelled Receive");
            var took = TimeProvider.System.GetElapsedTime(cancelled);
            soonest = took < soonest ? took : soonest;
            Expect.Null(far.Failure);
            Expect.True(near.TrySend(7, 1000 + i, TestAudio.Noise(2)));
            await scene.Wait.For(near.FlushAsync(scene.Token));
            var heard = new BlockRecorder();
            Expect.True(await scene.Wait.For(OwnThread.RunAsync(() => far.Receive(heard, scene.Token)), "a block"));
            Expect.Equal(1000L + i, heard.Blocks[0].Header.StartFrame);
        }

        // The soonest of five: the others may have met a busy machine, but not a link that looks at its token too seldom.
        Expect.True(soonest <= TimeSpan.FromMilliseconds(100), "a cancelled Receive to end within 100 ms", $"the soonest of five took {soonest.TotalMilliseconds:0} ms");
    }

    private static async Task EndsOnThreadAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        Task<bool> Receive(IAudioLink link) => OwnThread.RunAsync(() => link.Receive(new BlockRecorder(), scene.Token));
        var completed = Receive(far);
        await scene.Wait.For(near.CompleteAsync(scene.Token));
        Expect.False(await scene.Wait.For(completed, "the end of Receive after completion"), "Receive after completion");

        var (nearAborted, farAborted) = await scene.LinkAsync(5000, Stereo);
        var reset = Receive(farAborted);
        nearAborted.Abort("test");
        Expect.Equal(AudioLinkError.PeerReset, (await Expect.ThrowsAsync<AudioLinkException>(scene.Wait.For(reset))).Error);
        await Expect.ThrowsAsync<AudioLinkException>(scene.Wait.For(Receive(farAborted), "the end of Receive after a reset"));

        var (_, farDisposed) = await scene.LinkAsync(5000, Stereo);
        var disposed = Receive(farDisposed);
        await scene.Wait.For(farDisposed.DisposeAsync());
        await Expect.ThrowsAsync<ObjectDisposedException>(scene.Wait.For(disposed));
        await Expect.ThrowsAsync<ObjectDisposedException>(scene.Wait.For(Receive(farDisposed), "the end of Receive after disposal"));
    }

    private static async Task TakingTurnsAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        var heard = new BlockRecorder();
        for (var i = 0; i < 20; i++)
        {
            Expect.True(near.TrySend(7, 1000 + i, TestAudio.Noise(2)));
            var flushing = near.FlushAsync(scene.Token).AsTask();
            Expect.True(i % 2 == 0
                ? await scene.Wait.For(far.ReceiveAsync(heard, scene.Token), "a block for ReceiveAsync")
                : await scene.Wait.For(OwnThread.RunAsync(() => far.Receive(heard, scene.Token)), "a block for Receive"));
            await scene.Wait.For(flushing);
        }

        Expect.Sequence(Enumerable.Range(1000, 20).Select(f => (long)f), heard.Blocks.Select(b => b.Header.StartFrame), "the start frames");
    }

    private static async Task OverlapAsync(TransportScene scene)
    {
        const int Blocks = 300;
        var there = TestAudio.Wide with { Id = 1, MaxFramesPerBlock = 512 };
        var back = there with { Id = 2 };
        var (near, far) = await scene.LinkAsync(long.MaxValue, there);
        far.OpenStream(back, StreamDirection.Send);
        near.OpenStream(back, StreamDirection.Receive);
        near.Grant(2, long.MaxValue);
        await scene.Wait.For(near.FlushAsync(scene.Token));
        while (!far.TrySend(2, 0, TestAudio.Noise(1024)))
        {
            await scene.HearAsync(far, h => h.Credits.Count > 0, "a credit");
        }

        async Task SendAsync(IAudioLink link, int id, int first)
        {
            for (var i = first; i < Blocks; i++)
            {
                Expect.True(link.TrySend(id, i * 512L, TestAudio.Noise(1024)));
                await link.FlushAsync(scene.Token);
            }
        }

        var receiving = Task.WhenAll(scene.ReceiveAsync(near, Blocks), scene.ReceiveAsync(far, Blocks));
        await scene.Wait.For(far.FlushAsync(scene.Token));
        await scene.Wait.For(Task.WhenAll(Task.Run(() => SendAsync(near, 1, 0)), Task.Run(() => SendAsync(far, 2, 1))), "sending both ways");
        foreach (var blocks in await receiving)
        {
            Expect.Sequence(Enumerable.Range(0, Blocks).Select(i => i * 512L), blocks.Select(b => b.Header.StartFrame), "the start frames");
        }
    }

    private static async Task CallsAreInsideAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(1 << 20, Stereo);
        var witness = new Witness();
        for (var i = 0; i < 100; i++)
        {
            Expect.True(near.TrySend(7, 1000 + (i * 2L), TestAudio.Noise(2)));
            Expect.True(near.TrySend(7, 1001 + (i * 2L), TestAudio.Noise(2)));
            var flushing = near.FlushAsync(scene.Token).AsTask();
            while (witness.Calls < 2 * (i + 1))
            {
                witness.IsOpen = true;
                Expect.True(await scene.Wait.For(far.ReceiveAsync(witness, scene.Token)));
                witness.IsOpen = false;
            }

            await scene.Wait.For(flushing);
        }

        Expect.Equal(0, witness.CallsOutside);
        Expect.Equal(0, witness.CallsBeside);
    }

    private static async Task SaysTheSameAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync();
        var first = (near.WaitsAtNetwork, far.WaitsAtNetwork);
        void ExpectTheSame(string when) => Expect.Equal(first, (near.WaitsAtNetwork, far.WaitsAtNetwork), $"whether the ends wait at the network, {when},");

        near.GrantHorizon(1);
        await scene.Wait.For(near.FlushAsync(scene.Token));
        Expect.True(await scene.Wait.For(OwnThread.RunAsync(() => far.Receive(new BlockRecorder(), scene.Token)), "a horizon for Receive"));
        ExpectTheSame("received from on a thread");
        near.GrantHorizon(2);
        await scene.Wait.For(near.FlushAsync(scene.Token));
        Expect.True(await scene.Wait.For(far.ReceiveAsync(new BlockRecorder(), scene.Token), "a horizon for ReceiveAsync"));
        ExpectTheSame("awaited");
        near.Abort("test");
        await scene.HearResetAsync(far);
        ExpectTheSame("failed");
        await scene.Wait.For(near.DisposeAsync());
        await scene.Wait.For(far.DisposeAsync());
        ExpectTheSame("disposed");
    }

    private static async Task WakesNobodyAsync(TransportScene scene)
    {
        // Neither end is ever awaited, and nothing comes the other way.
        const int Periods = 100;
        var (near, far) = await scene.LinkAsync();
        if (!far.WaitsAtNetwork)
        {
            return;
        }

        var heard = new BlockRecorder();
        var receiving = OwnThread.RunAsync(() =>
        {
            var before = ThreadPool.CompletedWorkItemCount;
            while (heard.Horizons.Count < Periods)
            {
                Expect.True(far.Receive(heard, scene.Token));
            }

            return ThreadPool.CompletedWorkItemCount - before;
        });
        var sending = OwnThread.RunAsync(() =>
        {
            for (var i = 1; i <= Periods; i++)
            {
                // A period apart, as blocks are: longer than a link may look before it sleeps.
                scene.Token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(4));
                near.GrantHorizon(i);
                near.FlushAsync(scene.Token).AsTask().GetAwaiter().GetResult();
            }

            return true;
        });
        await scene.Wait.For(Task.WhenAll(sending, receiving), $"{Periods} horizons on a thread");

        // The process itself does a little in the pool meanwhile; a thread that is woken costs one piece of work a period at least.
        Expect.AtMost(Periods / 2, await receiving, $"the number of pieces of work done by the pool for {Periods} arrivals");
    }

    private sealed class Witness : IAudioLinkReceiver
    {
        private int _inside;

        public volatile bool IsOpen;

        public int Calls { get; private set; }

        public int CallsOutside { get; private set; }

        public int CallsBeside { get; private set; }

        public void OnBlock(in AudioBlock block)
        {
            CallsBeside += Interlocked.Increment(ref _inside) == 1 ? 0 : 1;
            CallsOutside += IsOpen ? 0 : 1;
            Calls++;
            Interlocked.Decrement(ref _inside);
        }

        public void OnCredit(int streamId, long limitFrame)
        {
        }

        public void OnHorizon(long horizonFrame)
        {
        }
    }
}
