using Loophole.Cluster.Links;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;

namespace Loophole.Cluster.TestKit.Links;

/// <summary>Aborted and lost links.</summary>
internal static class LinkFailureCases
{
    private static readonly AudioStream Stereo = TestAudio.Stereo;

    public static ConformanceCase<TransportSubject>[] All { get; } =
    [
        TransportCase.On("LINK-080", "Going away without completion is a reset for the peer, after it has read what was sent.", "AudioLinkError.PeerReset", GoingAwayAsync),
        TransportCase.On("LINK-081", "An abort is a reset for the peer, and ends both ends' calls; the connection goes on.", "IAudioLink.Abort", AbortAsync),
        TransportCase.On("LINK-082", "An abort of the connection ends its links.", "IClusterConnection.Abort", ConnectionAbortAsync),
        TransportCase.On("LINK-083", "An abort does not wait for a flush that is stuck, and ends it.", "IAudioLink.Abort", AbortStuckAsync),
        TransportCase.On("LINK-084", "Only the first cause counts: the failure never changes, and every later call throws it.", "IAudioLink.Failure", FirstCauseAsync),
        TransportCase.On("LINK-085", "Closed fires once, and a callback that blocks holds up neither the abort nor the peer.", "IAudioLink.Closed", CallbackAsync),
        TransportCase.On("LINK-086", "An aborted link delivers nothing more.", "IAudioLink.Abort", NothingAfterAbortAsync),
        TransportCase.On("LINK-087", "A link that fails leaves the others of its connection alone.", "IAudioLink", OthersGoOnAsync),
        TransportCase.On("LINK-088", "A receiver may abort the link from inside its call.", "IAudioLink.Abort", AbortInsideAsync),
    ];

    private static async Task GoingAwayAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        Expect.True(near.TrySend(7, 1000, TestAudio.Noise(64)));
        await scene.Wait.For(near.FlushAsync(scene.Token));
        var disposing = near.DisposeAsync().AsTask();
        var heard = new BlockRecorder();
        var failure = await scene.HearResetAsync(far, heard);
        Expect.Equal(1, heard.Blocks.Count, "the number of blocks that arrived");
        await scene.Wait.For(far.Closed);
        Expect.True(ReferenceEquals(failure, far.Failure));
        await scene.Wait.For(disposing);
    }

    private static async Task AbortAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        Expect.Null(near.Failure);
        var waitingFar = far.ReceiveAsync(new BlockRecorder(), scene.Token).AsTask();
        var waitingNear = near.ReceiveAsync(new BlockRecorder(), scene.Token).AsTask();
        near.Abort("test");
        near.Abort("again");
        Expect.Equal(AudioLinkError.PeerReset, (await Expect.ThrowsAsync<AudioLinkException>(scene.Wait.For(waitingFar))).Error);
        Expect.Equal(AudioLinkError.Aborted, (await Expect.ThrowsAsync<AudioLinkException>(scene.Wait.For(waitingNear))).Error);
        await scene.Wait.For(near.Closed);
        await scene.Wait.For(far.Closed);
        Expect.Equal(AudioLinkError.Aborted, near.Failure?.Error);
        Expect.Equal(AudioLinkError.PeerReset, far.Failure?.Error);
        Expect.Throws<AudioLinkException>(() => near.TrySend(7, 1000, TestAudio.Noise(64)));
        Expect.Throws<AudioLinkException>(() => far.Grant(7, 9000));
        await Expect.ThrowsAsync<AudioLinkException>(scene.Wait.For(Calling.Async(() => far.FlushAsync(scene.Token))));
        Expect.False(scene.Near.Closed.IsCancellationRequested);
        Expect.False(scene.Far.Closed.IsCancellationRequested);
    }

    private static async Task ConnectionAbortAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        scene.Far.Abort("test");
        await scene.Wait.For(near.Closed);
        await scene.Wait.For(far.Closed);
        await scene.Wait.For(scene.Near.Closed);
        await scene.Wait.For(scene.Far.Closed);
        Expect.Equal(AudioLinkError.PeerReset, near.Failure?.Error);
        Expect.Equal(AudioLinkError.Aborted, far.Failure?.Error);
        Expect.Null(await scene.Wait.For(scene.Near.AcceptAudioLinkAsync(scene.Token)));
    }

    private static async Task AbortStuckAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(long.MaxValue, TestAudio.Wide);
        var sending = Task.Run(async () =>
        {
            for (long position = 0; ; position += 8192)
            {
                near.TrySend(7, position, TestAudio.Noise(16384));
                await near.FlushAsync(scene.Token);
            }
        });
        await TestBytes.RoundTripAsync(scene);
        await scene.Wait.For(Task.Run(() => near.Abort("test")), "the return of Abort");
        Expect.Equal(AudioLinkError.Aborted, (await Expect.ThrowsAsync<AudioLinkException>(scene.Wait.For(sending, "the end of a flush that was stuck"))).Error);
        await scene.HearResetAsync(far);
    }

    private static async Task FirstCauseAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        near.Abort("first");
        await scene.HearResetAsync(far);
        await scene.Wait.For(far.Closed);
        var (nearCause, farCause) = (near.Failure, far.Failure);
        far.Abort("second");
        scene.Near.Abort("third");
        await scene.Wait.For(scene.Far.Closed);
        Expect.True(nearCause is not null && ReferenceEquals(nearCause, near.Failure), "the near end to keep its first failure", $"it is {near.Failure?.Message}");
        Expect.True(farCause is not null && ReferenceEquals(farCause, far.Failure), "the far end to keep its first failure", $"it is {far.Failure?.Message}");
        Expect.True(ReferenceEquals(farCause, Expect.Throws<AudioLinkException>(() => far.GrantHorizon(5))));
    }

    private static async Task CallbackAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        using var release = new ManualResetEventSlim();
        var calls = 0;
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var link in (IAudioLink[])[near, far])
        {
            link.Closed.UnsafeRegister(
                _ =>
                {
                    if (Interlocked.Increment(ref calls) == 2)
                    {
                        entered.SetResult();
                    }

                    release.Wait(2 * scene.Subject.TimeLimit);
                },
                null);
        }

        var hearing = scene.HearResetAsync(far);
        await scene.Wait.For(Task.Run(() => near.Abort("test")), "the return of Abort while a callback blocks");
        await hearing;
        await scene.Wait.For(entered.Task, "the callbacks of Closed at both ends");
        await TestBytes.RoundTripAsync(scene);
        near.Abort("again");
        release.Set();
        await scene.Wait.For(near.DisposeAsync());
        await scene.Wait.For(far.DisposeAsync());
        Expect.Equal(2, calls, "the number of callbacks of Closed");
    }

    private static async Task NothingAfterAbortAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        Expect.True(near.TrySend(7, 1000, TestAudio.Noise(64)));
        await scene.Wait.For(near.FlushAsync(scene.Token));
        far.Abort("test");
        var heard = new BlockRecorder();
        await Expect.ThrowsAsync<AudioLinkException>(scene.Wait.For(Calling.Async(() => far.ReceiveAsync(heard, scene.Token))), "receiving on an aborted link");
        Expect.Equal(0, heard.Blocks.Count, "the number of blocks after the abort");
    }

    private static async Task OthersGoOnAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        var (other, otherFar) = await scene.LinkAsync(5000, Stereo);
        near.Abort("test");
        await scene.HearResetAsync(far);
        Expect.True(other.TrySend(7, 1000, TestAudio.Noise(64)));
        await scene.Wait.For(other.FlushAsync(scene.Token));
        await scene.ReceiveAsync(otherFar, 1);
        Expect.False(other.Closed.IsCancellationRequested);
        Expect.False(otherFar.Closed.IsCancellationRequested);
    }

    private static async Task AbortInsideAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        Expect.True(near.TrySend(7, 1000, TestAudio.Noise(64)));
        await scene.Wait.For(near.FlushAsync(scene.Token));
        var receiving = far.ReceiveAsync(new Aborter(far), scene.Token).AsTask();
        var thrown = await Expect.CatchAsync(scene.Wait.For(receiving));
        Expect.True(thrown is null or AudioLinkException { Error: AudioLinkError.Aborted }, "no other exception than the abort's", $"{thrown?.GetType().Name} was thrown");
        await scene.Wait.For(far.Closed);
        await scene.HearResetAsync(near);
        await scene.Wait.For(near.Closed);
        Expect.Equal(AudioLinkError.Aborted, far.Failure?.Error);
    }

    private sealed class Aborter(IAudioLink link) : IAudioLinkReceiver
    {
        public void OnBlock(in AudioBlock block) => link.Abort("From inside.");

        public void OnCredit(int streamId, long limitFrame)
        {
        }

        public void OnHorizon(long horizonFrame)
        {
        }
    }
}
