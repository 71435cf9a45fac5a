using Loophole.Cluster.Links;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;

namespace Loophole.Cluster.TestKit.Links;

/// <summary>Streams start over under a new epoch, and are closed.</summary>
internal static class LinkEpochCases
{
    private static readonly AudioStream Stereo = TestAudio.Stereo;

    public static ConformanceCase<TransportSubject>[] All { get; } =
    [
        TransportCase.On("LINK-030", "Blocks of an old epoch are dropped by number.", "AudioStream.Epoch", OldEpochAsync),
        TransportCase.On("LINK-031", "Blocks of a closed stream are dropped, and it takes no more calls.", "IAudioLink.CloseStream", ClosedStreamAsync),
        TransportCase.On("LINK-032", "An epoch that is not larger than an earlier one is refused, at both ends, for a closed stream too.", "IAudioLink.OpenStream", EpochMustGrowAsync),
        TransportCase.On("LINK-033", "Epochs of several streams that change in one flush do not disturb each other.", "IAudioLink.OpenStream", InterleavedEpochsAsync),
        TransportCase.On("LINK-034", "A new epoch starts at its own frame, without the credit of the one before.", "IAudioLink: Credit", CreditStartsOverAsync),
        TransportCase.On("LINK-035", "A closed stream may be opened again under a larger epoch.", "IAudioLink.OpenStream", ReopenedAsync),
        TransportCase.On("LINK-036", "Closing a stream that is not open does nothing.", "IAudioLink.CloseStream", CloseUnknownAsync),
    ];

    private static async Task OldEpochAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        Expect.True(near.TrySend(7, 1000, TestAudio.Noise(64)));
        Expect.True(near.TrySend(7, 1032, TestAudio.Noise(64)));
        await scene.Wait.For(near.FlushAsync(scene.Token));
        far.OpenStream(Stereo with { Epoch = 2, StartFrame = 500 }, StreamDirection.Receive);
        far.Grant(7, 600);
        await scene.Wait.For(far.FlushAsync(scene.Token));
        near.OpenStream(Stereo with { Epoch = 2, StartFrame = 500 }, StreamDirection.Send);
        while (!near.TrySend(7, 500, TestAudio.Noise(64)))
        {
            await scene.HearAsync(near, h => h.Credits.Count > 0, "a credit of the new epoch");
        }

        await scene.Wait.For(near.FlushAsync(scene.Token));
        var block = (await scene.ReceiveAsync(far, 1))[0];
        Expect.Equal((2, 500L), (block.Header.Epoch, block.Header.StartFrame));
    }

    private static async Task ClosedStreamAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo, Stereo with { Id = 8 });
        far.CloseStream(7);
        Expect.Throws<InvalidOperationException>(() => far.Grant(7, 9000));
        Expect.True(near.TrySend(7, 1000, TestAudio.Noise(64)));
        Expect.True(near.TrySend(8, 1000, TestAudio.Noise(64)));
        await scene.Wait.For(near.FlushAsync(scene.Token));
        Expect.Equal(8, (await scene.ReceiveAsync(far, 1))[0].Header.StreamId);
        near.CloseStream(7);
        Expect.Throws<InvalidOperationException>(() => near.TrySend(7, 1032, TestAudio.Noise(64)));
    }

    private static async Task EpochMustGrowAsync(TransportScene scene)
    {
        var stream = Stereo with { Epoch = 2 };
        var (near, far) = await scene.LinkAsync(5000, stream);
        foreach (var (link, direction) in ((IAudioLink, StreamDirection)[])[(near, StreamDirection.Send), (far, StreamDirection.Receive)])
        {
            Expect.Throws<ArgumentOutOfRangeException>(() => link.OpenStream(stream, direction));
            Expect.Throws<ArgumentOutOfRangeException>(() => link.OpenStream(stream with { Epoch = 1 }, direction));
            link.CloseStream(7);
            Expect.Throws<ArgumentOutOfRangeException>(() => link.OpenStream(stream, direction));
            link.OpenStream(stream with { Epoch = 3 }, direction);
        }
    }

    private static async Task InterleavedEpochsAsync(TransportScene scene)
    {
        AudioStream[] streams = [Stereo with { Id = 1 }, Stereo with { Id = 2 }, Stereo with { Id = 3 }];
        var (near, far) = await scene.LinkAsync(5000, streams);

        // The receiver is ahead: of stream 1 it wants epoch 1 only, of stream 2 epoch 2 only, of stream 3 what it had.
        foreach (var stream in (AudioStream[])[streams[0] with { Epoch = 1, StartFrame = 10 }, streams[1] with { Epoch = 2, StartFrame = 20 }])
        {
            far.OpenStream(stream, StreamDirection.Receive);
            far.Grant(stream.Id, 5000);
        }

        far.GrantHorizon(1);
        await scene.Wait.For(far.FlushAsync(scene.Token));
        await scene.HearAsync(near, h => h.Horizons.Count > 0, "a horizon");
        foreach (var id in (int[])[1, 2, 3])
        {
            Expect.True(near.TrySend(id, 1000, TestAudio.Noise(4)));
        }

        near.OpenStream(streams[0] with { Epoch = 1, StartFrame = 10 }, StreamDirection.Send);
        Expect.True(near.TrySend(1, 10, TestAudio.Noise(4)));
        Expect.True(near.TrySend(2, 1002, TestAudio.Noise(4)));
        Expect.True(near.TrySend(3, 1002, TestAudio.Noise(4)));
        near.OpenStream(streams[1] with { Epoch = 2, StartFrame = 20 }, StreamDirection.Send);
        Expect.True(near.TrySend(2, 20, TestAudio.Noise(4)));
        Expect.True(near.TrySend(1, 12, TestAudio.Noise(4)));
        await scene.Wait.For(near.FlushAsync(scene.Token));
        Expect.Sequence(
            [(3, 0, 1000L), (1, 1, 10L), (3, 0, 1002L), (2, 2, 20L), (1, 1, 12L)],
            (await scene.ReceiveAsync(far, 5)).Select(b => (b.Header.StreamId, b.Header.Epoch, b.Header.StartFrame)),
            "stream, epoch and frame of the blocks");
    }

    private static async Task CreditStartsOverAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        near.OpenStream(Stereo with { Epoch = 1, StartFrame = 100 }, StreamDirection.Send);
        far.OpenStream(Stereo with { Epoch = 1, StartFrame = 100 }, StreamDirection.Receive);
        Expect.Throws<ArgumentOutOfRangeException>(() => near.TrySend(7, 1000, TestAudio.Noise(4)));
        Expect.False(near.TrySend(7, 100, TestAudio.Noise(4)));
        far.Grant(7, 102);
        await scene.Wait.For(far.FlushAsync(scene.Token));
        Expect.Sequence([(7, 102L)], (await scene.HearAsync(near, h => h.Credits.Count > 0, "a credit")).Credits);
        Expect.True(near.TrySend(7, 100, TestAudio.Noise(4)));
    }

    private static async Task ReopenedAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        near.CloseStream(7);
        far.CloseStream(7);
        near.OpenStream(Stereo with { Epoch = 1, AudioChannels = 1 }, StreamDirection.Send);
        far.OpenStream(Stereo with { Epoch = 1, AudioChannels = 1 }, StreamDirection.Receive);
        far.Grant(7, 2000);
        await scene.Wait.For(far.FlushAsync(scene.Token));
        await scene.HearAsync(near, h => h.Credits.Count > 0, "a credit");
        Expect.True(near.TrySend(7, 1000, TestAudio.Noise(5)));
        await scene.Wait.For(near.FlushAsync(scene.Token));
        Expect.Equal(new AudioBlockHeader(7, 1, 1000, 5, 1), (await scene.ReceiveAsync(far, 1))[0].Header);
    }

    private static async Task CloseUnknownAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        far.CloseStream(12345);
        far.CloseStream(-1);
        near.CloseStream(int.MaxValue);
        Expect.True(near.TrySend(7, 1000, TestAudio.Noise(4)));
        await scene.Wait.For(near.FlushAsync(scene.Token));
        await scene.ReceiveAsync(far, 1);
    }
}
