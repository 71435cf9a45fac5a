using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;

namespace Loophole.Cluster.TestKit.Faults;

/// <summary>Clients that do not speak the transport's protocol.</summary>
internal static class RawPeerCases
{
    public static ConformanceCase<TransportSubject>[] All { get; } =
    [
        Raw("FAULT-040", "A client that says nothing and goes harms nobody.", MuteAsync),
        Raw("FAULT-041", "Clients that send garbage harm nobody, and memory stays bounded.", GarbageAsync),
        Raw("FAULT-042", "Clients that stay silent do not keep a good one from connecting.", SilentCrowdAsync),
        Raw("FAULT-043", "A client that never stops sending is cut off, and memory stays bounded.", EndlessAsync),
        Raw("FAULT-044", "A listener is disposed while clients are half way through saying who they are.", DisposedMidwayAsync),
    ];

    private static ConformanceCase<TransportSubject> Raw(string id, string title, Func<TransportScene, Task> body) =>
        TransportCase.On(id, title, "IClusterListener: No client can make it fail", body, subject => subject.HasRawPeer ? null : "the subject has no raw peer");

    private static Task<Stream> ConnectAsync(TransportScene scene) =>
        scene.Wait.For(scene.Subject.ConnectRawAsync(scene.Listener.LocalEndPoint, scene.Token), "a raw peer");

    private static async Task MuteAsync(TransportScene scene)
    {
        for (var i = 0; i < 20; i++)
        {
            await using var peer = await ConnectAsync(scene);
        }

        await ExpectGoodClientAsync(scene);
    }

    private static async Task GarbageAsync(TransportScene scene)
    {
        const int Seed = 41;
        var random = new Random(Seed);
        for (var i = 0; i < 50; i++)
        {
            var bytes = new byte[random.Next(1, 5000)];
            random.NextBytes(bytes);
            await using var peer = await ConnectAsync(scene);
            await SendAsync(scene, peer, bytes);
        }

        await ExpectGoodClientAsync(scene);
        Expect.AtMost(scene.Subject.BufferLimit, scene.Pool.MostOutstandingBytes, $"the number of bytes rented, random seed {Seed}");
    }

    private static async Task SilentCrowdAsync(TransportScene scene)
    {
        var crowd = new List<Stream>();
        for (var i = 0; i < 100; i++)
        {
            crowd.Add(await ConnectAsync(scene));
        }

        await ExpectGoodClientAsync(scene);
        foreach (var peer in crowd)
        {
            await peer.DisposeAsync();
        }
    }

    private static async Task EndlessAsync(TransportScene scene)
    {
        await using var peer = await ConnectAsync(scene);
        var piece = TestBytes.Of(64 * 1024, 43);
        var isCutOff = false;
        for (long sent = 0; !isCutOff && sent < 4 * scene.Subject.BufferLimit; sent += piece.Length)
        {
            isCutOff = !await SendAsync(scene, peer, piece);
        }

        Expect.True(isCutOff, "an endless client to be cut off", $"it could send {4 * scene.Subject.BufferLimit} bytes");
        Expect.AtMost(scene.Subject.BufferLimit, scene.Pool.MostOutstandingBytes, "the number of bytes rented");
        await ExpectGoodClientAsync(scene);
    }

    private static async Task DisposedMidwayAsync(TransportScene scene)
    {
        await using var mute = await ConnectAsync(scene);
        await using var talker = await ConnectAsync(scene);
        await SendAsync(scene, talker, [0x4C]);
        await ExpectGoodClientAsync(scene);
        await scene.Wait.For(scene.Listener.DisposeAsync(), "disposal of a listener with half-open clients");
    }

    private static async Task<bool> SendAsync(TransportScene scene, Stream peer, byte[] bytes)
    {
        try
        {
            await scene.Wait.For(peer.WriteAsync(bytes, scene.Token).AsTask(), "the write of a raw peer, or its end");
            return true;
        }
        catch (IOException)
        {
            // Cut off, as it may be at any byte.
            return false;
        }
    }

    private static async Task ExpectGoodClientAsync(TransportScene scene)
    {
        var (near, far) = await scene.ConnectAsync();
        await TestBytes.SendAsync(scene, near.Control, far.Control, 100);
        await scene.Wait.For(near.DisposeAsync());
        await scene.Wait.For(far.DisposeAsync());
        await TestBytes.RoundTripAsync(scene);
        Expect.False(scene.Near.Closed.IsCancellationRequested);
    }
}
