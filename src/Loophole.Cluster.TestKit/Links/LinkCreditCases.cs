using Loophole.Cluster.Links;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;

namespace Loophole.Cluster.TestKit.Links;

/// <summary>Credits and horizons.</summary>
internal static class LinkCreditCases
{
    private static readonly AudioStream Stereo = TestAudio.Stereo;

    public static ConformanceCase<TransportSubject>[] All { get; } =
    [
        TransportCase.On("LINK-020", "Credit stops one stream, and another goes on.", "IAudioLink: Credit", StopsOneStreamAsync),
        TransportCase.On("LINK-021", "A credit granted before the sender has opened the stream holds once it has.", "IAudioLink.OpenStream", EarlyCreditAsync),
        TransportCase.On("LINK-022", "Credits and horizons never shrink: a smaller one than before is ignored.", "IAudioLink.Grant, GrantHorizon", NeverShrinkAsync),
        TransportCase.On("LINK-023", "A block that does not fit below the credit is not written: it can be sent later, or in parts.", "IAudioLink.TrySend", NotWrittenAsync),
        TransportCase.On("LINK-024", "A stream has no credit until some is granted.", "IAudioLink: Credit", NoneAtFirstAsync),
        TransportCase.On("LINK-025", "Streams that run both ways have credits of their own.", "IAudioLink: Credit", BothWaysAsync),
        TransportCase.On("LINK-026", "A horizon is handed over without any stream.", "IAudioLink.GrantHorizon", HorizonAsync),
    ];

    private static async Task StopsOneStreamAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(1100, Stereo, Stereo with { Id = 8 });
        far.Grant(8, 5000);
        await scene.Wait.For(far.FlushAsync(scene.Token));
        var heard = await scene.HearAsync(near, h => h.Credits.Count > 0, "a credit");
        Expect.Sequence([(8, 5000L)], heard.Credits);
        Expect.True(near.TrySend(7, 1000, TestAudio.Noise(200)));
        Expect.False(near.TrySend(7, 1100, TestAudio.Noise(2)));
        Expect.True(near.TrySend(8, 1000, TestAudio.Noise(512)));
        Expect.True(near.TrySend(8, 1256, TestAudio.Noise(512)));
        await scene.Wait.For(near.FlushAsync(scene.Token));
        Expect.Sequence([7, 8, 8], (await scene.ReceiveAsync(far, 3)).Select(b => b.Header.StreamId), "the streams of the blocks");

        far.Grant(7, 1101);
        await scene.Wait.For(far.FlushAsync(scene.Token));
        await scene.HearAsync(near, h => h.Credits.Count > 0, "a credit");
        Expect.False(near.TrySend(7, 1100, TestAudio.Noise(4)));
        Expect.True(near.TrySend(7, 1100, TestAudio.Noise(2)));
        await scene.Wait.For(near.FlushAsync(scene.Token));
        Expect.Equal(1100, (await scene.ReceiveAsync(far, 1))[0].Header.StartFrame);
    }

    private static async Task EarlyCreditAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        far.OpenStream(Stereo with { Id = 9 }, StreamDirection.Receive);
        far.Grant(9, 1064);
        far.OpenStream(Stereo with { Epoch = 3, StartFrame = 400 }, StreamDirection.Receive);
        far.Grant(7, 464);
        far.GrantHorizon(1);
        await scene.Wait.For(far.FlushAsync(scene.Token));
        await scene.HearAsync(near, h => h.Horizons.Count > 0, "a horizon");
        near.OpenStream(Stereo with { Id = 9 }, StreamDirection.Send);
        near.OpenStream(Stereo with { Epoch = 3, StartFrame = 400 }, StreamDirection.Send);
        Expect.True(near.TrySend(9, 1000, TestAudio.Noise(128)));
        Expect.False(near.TrySend(9, 1064, TestAudio.Noise(2)));
        Expect.True(near.TrySend(7, 400, TestAudio.Noise(128)));
        Expect.False(near.TrySend(7, 464, TestAudio.Noise(2)));
    }

    private static async Task NeverShrinkAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(2000, Stereo);
        foreach (var limit in (long[])[1500, -1, 2000, 2500, 2499])
        {
            far.Grant(7, limit);
        }

        foreach (var horizon in (long[])[100, 50, 200, -1])
        {
            far.GrantHorizon(horizon);
        }

        await scene.Wait.For(far.FlushAsync(scene.Token));
        var heard = await scene.HearAsync(near, h => h.Horizons.Contains(200), "the last horizon");
        Expect.Sequence([(7, 2500L)], heard.Credits);
        Expect.Sequence([100L, 200L], heard.Horizons);
    }

    private static async Task NotWrittenAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(1010, Stereo);
        Expect.False(near.TrySend(7, 1000, TestAudio.Noise(22)));
        Expect.True(near.TrySend(7, 1000, TestAudio.Noise(20)));
        Expect.False(near.TrySend(7, 1010, TestAudio.Noise(2)));
        far.Grant(7, 1011);
        await scene.Wait.For(far.FlushAsync(scene.Token));
        await scene.HearAsync(near, h => h.Credits.Count > 0, "a credit");
        Expect.True(near.TrySend(7, 1010, TestAudio.Noise(2)));
        await scene.Wait.For(near.FlushAsync(scene.Token));
        Expect.Sequence([(1000L, 10), (1010L, 1)], (await scene.ReceiveAsync(far, 2)).Select(b => (b.Header.StartFrame, b.Header.FrameCount)), "the blocks");
    }

    private static async Task NoneAtFirstAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync();
        near.OpenStream(Stereo, StreamDirection.Send);
        far.OpenStream(Stereo, StreamDirection.Receive);
        Expect.False(near.TrySend(7, 1000, TestAudio.Noise(2)));
        far.Grant(7, 1000);
        far.GrantHorizon(1);
        await scene.Wait.For(far.FlushAsync(scene.Token));
        await scene.HearAsync(near, h => h.Horizons.Count > 0, "a horizon");
        Expect.False(near.TrySend(7, 1000, TestAudio.Noise(2)));
    }

    private static async Task BothWaysAsync(TransportScene scene)
    {
        var back = Stereo with { Id = 8 };
        var (near, far) = await scene.LinkAsync(1010, Stereo);
        far.OpenStream(back, StreamDirection.Send);
        near.OpenStream(back, StreamDirection.Receive);
        Expect.False(far.TrySend(8, 1000, TestAudio.Noise(2)));
        near.Grant(8, 1020);
        await scene.Wait.For(near.FlushAsync(scene.Token));
        while (!far.TrySend(8, 1000, TestAudio.Noise(40)))
        {
            await scene.HearAsync(far, h => h.Credits.Count > 0, "a credit");
        }

        await scene.Wait.For(far.FlushAsync(scene.Token));
        Expect.Equal(20, (await scene.ReceiveAsync(near, 1))[0].Header.FrameCount);
        Expect.False(near.TrySend(7, 1000, TestAudio.Noise(22)));
    }

    private static async Task HorizonAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync();
        near.GrantHorizon(long.MaxValue);
        await scene.Wait.For(near.FlushAsync(scene.Token));
        Expect.Sequence([long.MaxValue], (await scene.HearAsync(far, h => h.Horizons.Count > 0, "a horizon")).Horizons);
    }
}
