using Loophole.Cluster.Links;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;

namespace Loophole.Cluster.TestKit.Links;

/// <summary>Wrong arguments and wrong order throw before anything happens.</summary>
internal static class LinkArgumentCases
{
    private static readonly AudioStream Stereo = TestAudio.Stereo;

    public static ConformanceCase<TransportSubject>[] All { get; } =
    [
        TransportCase.On("LINK-040", "Blocks of a stream are contiguous and whole frames: all else is refused and leaves nothing written.", "IAudioLink.TrySend", BlocksAsync),
        TransportCase.On("LINK-041", "A stream out of range is refused.", "IAudioLink.OpenStream", StreamsAsync),
        TransportCase.On("LINK-042", "Sending, and granting, need a stream open for it.", "IAudioLink.TrySend, Grant", DirectionsAsync),
        TransportCase.On("LINK-043", "A receiver must be given.", "IAudioLink.ReceiveAsync, Receive", NoReceiverAsync),
        TransportCase.On("LINK-044", "While a receive is pending, another is refused and disturbs nothing.", "IAudioLink: Threads", OneReceiveAsync),
    ];

    private static async Task BlocksAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        Expect.True(near.TrySend(7, 1000, TestAudio.Noise(64)));
        Expect.Throws<ArgumentOutOfRangeException>(() => near.TrySend(7, 1000, TestAudio.Noise(64)));
        Expect.Throws<ArgumentOutOfRangeException>(() => near.TrySend(7, 1033, TestAudio.Noise(64)));
        Expect.Throws<ArgumentOutOfRangeException>(() => near.TrySend(7, -1, TestAudio.Noise(64)));
        Expect.Throws<ArgumentException>(() => near.TrySend(7, 1032, TestAudio.Noise(3)));
        Expect.Throws<ArgumentException>(() => near.TrySend(7, 1032, []));
        Expect.Throws<ArgumentException>(() => near.TrySend(7, 1032, TestAudio.Noise(514)));
        Expect.True(near.TrySend(7, 1032, TestAudio.Noise(64)));
        await scene.Wait.For(near.FlushAsync(scene.Token));
        Expect.Sequence([1000L, 1032L], (await scene.ReceiveAsync(far, 2)).Select(b => b.Header.StartFrame), "the start frames");
    }

    private static async Task StreamsAsync(TransportScene scene)
    {
        var (near, _) = await scene.LinkAsync(5000, Stereo);
        AudioStream[] wrong =
        [
            Stereo with { Id = 1, AudioChannels = 0 }, Stereo with { Id = 1, AudioChannels = 65 }, Stereo with { Id = 1, MaxFramesPerBlock = 0 },
            Stereo with { Id = 1, MaxFramesPerBlock = 8193 }, Stereo with { Id = 1, Epoch = -1 }, Stereo with { Id = 1, StartFrame = -1 }, Stereo with { Id = -1 },
        ];
        foreach (var stream in wrong)
        {
            Expect.Throws<ArgumentOutOfRangeException>(() => near.OpenStream(stream, StreamDirection.Send), $"opening {stream}");
        }

        Expect.Throws<ArgumentOutOfRangeException>(() => near.OpenStream(Stereo with { Id = 1 }, (StreamDirection)2));
        near.OpenStream(Stereo with { Id = 1, AudioChannels = 64, MaxFramesPerBlock = 8192 }, StreamDirection.Send);
    }

    private static async Task DirectionsAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        Expect.Throws<InvalidOperationException>(() => near.TrySend(6, 0, TestAudio.Noise(64)));
        Expect.Throws<InvalidOperationException>(() => near.Grant(6, 9000));
        Expect.Throws<InvalidOperationException>(() => near.Grant(7, 9000));
        Expect.Throws<InvalidOperationException>(() => far.TrySend(7, 1000, TestAudio.Noise(64)));
        Expect.Null(near.Failure);
        Expect.Null(far.Failure);
    }

    private static async Task NoReceiverAsync(TransportScene scene)
    {
        var (near, _) = await scene.LinkAsync(5000, Stereo);
        await Expect.ThrowsAsync<ArgumentNullException>(
            scene.Wait.For(Calling.Async(() => near.ReceiveAsync(null!, scene.Token)), "the refusal of ReceiveAsync without a receiver"), "ReceiveAsync without a receiver");
        await Expect.ThrowsAsync<ArgumentNullException>(
            scene.Wait.For(OwnThread.RunAsync(() => near.Receive(null!, scene.Token)), "the refusal of Receive without a receiver"), "Receive without a receiver");
        Expect.Null(near.Failure);
    }

    private static async Task OneReceiveAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        var heard = new BlockRecorder();
        var waiting = far.ReceiveAsync(heard, scene.Token).AsTask();
        await Expect.ThrowsAsync<InvalidOperationException>(
            scene.Wait.For(Calling.Async(() => far.ReceiveAsync(new BlockRecorder(), scene.Token)), "the refusal of a second ReceiveAsync"), "a second ReceiveAsync");
        await Expect.ThrowsAsync<InvalidOperationException>(
            scene.Wait.For(OwnThread.RunAsync(() => far.Receive(new BlockRecorder(), scene.Token)), "the refusal of a Receive beside ReceiveAsync"), "a Receive beside ReceiveAsync");
        Expect.True(near.TrySend(7, 1000, TestAudio.Noise(64)));
        await scene.Wait.For(near.FlushAsync(scene.Token));
        Expect.True(await scene.Wait.For(waiting));
        Expect.Equal(1, heard.Blocks.Count);
    }
}
