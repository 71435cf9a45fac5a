using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Resources;

/// <summary>What a transport leaves behind, and what it allocates.</summary>
internal static class ResourceCases
{
    private const int WarmUp = 50;

    // Of thousands of sockets.
    private const int HandleTolerance = 8;

    // The runtime keeps the files of every assembly open that it loads, and it loads some only when something first goes wrong.
    private const int HandlesPerAssembly = 2;

    // Connecting waits more than it works.
    private const int SideBySide = 4;

    public static ConformanceCase<TransportSubject>[] All { get; } =
    [
        TransportCase.On("RES-001", "Everything rented is returned, however channels, links and connections ended.", "PipeClusterChannel: Ownership", EverythingReturnedAsync),
        TransportCase.On("RES-002", "Steady state allocates nothing per block, waiting receives included.", "IAudioLink.ReceiveAsync", ReceiveAsyncAllocatesNothingAsync, MayAllocate, runsAlone: true),
        TransportCase.On("RES-003", "Steady state on threads of their own allocates nothing per block.", "IAudioLink.Receive", ReceiveAllocatesNothingAsync, MayAllocate, runsAlone: true),
        TransportCase.On("RES-004", "Many connections made and ended leave no buffer and no handle behind.", "IClusterConnection", ConnectionChurnAsync, runsAlone: true),
        TransportCase.On("RES-005", "Many channels and links of one connection leave no buffer and no handle behind.", "IClusterConnection", ChannelChurnAsync, runsAlone: true),
        TransportCase.On("RES-006", "Ended connections are let go of: no task, timer or table keeps them.", "IClusterConnection", CollectedAsync, runsAlone: true),
    ];

    private static string? MayAllocate(TransportSubject subject) => subject.MustNotAllocate ? null : "the subject may allocate";

    private static async Task EverythingReturnedAsync(TransportScene scene)
    {
        for (var round = 0; round < 12; round++)
        {
            var (near, far) = await scene.ConnectAsync();
            var channel = await scene.Wait.For(near.OpenChannelAsync(ChannelPurpose.State, scene.Token));
            var channelFar = Expect.NotNull(await scene.Wait.For(far.AcceptChannelAsync(scene.Token)));
            var link = await scene.Wait.For(far.OpenAudioLinkAsync(scene.Token));
            var linkFar = Expect.NotNull(await scene.Wait.For(near.AcceptAudioLinkAsync(scene.Token)));
            await scene.Wait.For(channel.Output.WriteAsync(TestBytes.Of(50_000, round), scene.Token).AsTask());
            link.GrantHorizon(5);
            await scene.Wait.For(link.FlushAsync(scene.Token));
            var receiving = linkFar.ReceiveAsync(new BlockCounter(), scene.Token).AsTask();
            channelFar.Output.GetMemory(100);
            channelFar.Output.Advance(100);
            Action end = (round % 4) switch
            {
                0 => () => near.Abort("test"),
                1 => () => far.Abort("test"),
                2 => () => channel.Abort("test"),
                _ => () => link.Abort("test"),
            };
            end();
            await Expect.CatchAsync(scene.Wait.For(receiving));
            await scene.Wait.For(Task.WhenAll(near.DisposeAsync().AsTask(), far.DisposeAsync().AsTask()), "disposal of both ends");
        }
    }

    private static async Task ReceiveAsyncAllocatesNothingAsync(TransportScene scene) => await ExpectNoAllocationAsync(scene, onThreads: false);

    private static async Task ReceiveAllocatesNothingAsync(TransportScene scene) => await ExpectNoAllocationAsync(scene, onThreads: true);

    private static async Task ExpectNoAllocationAsync(TransportScene scene, bool onThreads)
    {
        var (near, far) = await scene.LinkAsync(1, SteadyState.StreamTable);
        var bytes = await new SteadyState(scene, near, far, onThreads).MeasureAsync();
        Expect.AtMost(SteadyState.Tolerance + scene.Subject.AllocationAllowance, bytes, $"the number of bytes allocated for {SteadyState.Blocks} blocks");
    }

    private static async Task ConnectionChurnAsync(TransportScene scene)
    {
        await ChurnAsync(scene, WarmUp);
        var before = Held.Now(scene);
        await ChurnAsync(scene, scene.Subject.ChurnCount);
        await ExpectNoMoreAsync(scene, before);
    }

    private static async Task ChurnAsync(TransportScene scene, int connections)
    {
        for (var made = 0; made < connections; made += SideBySide)
        {
            var count = Math.Min(SideBySide, connections - made);
            var accepting = AcceptAsync(scene, count);
            var connecting = Enumerable.Range(0, count).Select(_ => scene.Transport.ConnectAsync(scene.Listener.LocalEndPoint, scene.Token).AsTask());
            var nears = await scene.Wait.For(Task.WhenAll(connecting), "connections side by side");
            var fars = await accepting;
            for (var at = 0; at < count; at++)
            {
                if ((made + at) % 3 == 0)
                {
                    nears[at].Abort("test");
                }
            }

            await scene.Wait.For(Task.WhenAll(nears.Concat(fars).Select(end => end.DisposeAsync().AsTask())), $"disposal of both ends of the connections from {made} on");
        }
    }

    private static async Task<List<IClusterConnection>> AcceptAsync(TransportScene scene, int count)
    {
        var accepted = new List<IClusterConnection>();
        while (accepted.Count < count)
        {
            accepted.Add(Expect.NotNull(await scene.Wait.For(scene.Listener.AcceptAsync(scene.Token))));
        }

        return accepted;
    }

    private static async Task ChannelChurnAsync(TransportScene scene)
    {
        async Task RunAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var (near, far) = await scene.ChannelAsync(ChannelPurpose.State);
                var (link, linkFar) = await scene.LinkAsync();
                if (i % 3 == 0)
                {
                    near.Abort("test");
                    linkFar.Abort("test");
                }

                await scene.Wait.For(
                    Task.WhenAll(near.DisposeAsync().AsTask(), far.DisposeAsync().AsTask(), link.DisposeAsync().AsTask(), linkFar.DisposeAsync().AsTask()),
                    $"disposal of channel and link {i}");
            }
        }

        await RunAsync(WarmUp);
        var before = Held.Now(scene);
        await RunAsync(Math.Max(1, scene.Subject.ChurnCount / 20));
        await ExpectNoMoreAsync(scene, before);
    }

    /// <summary>Handles close a moment after disposal where the system lingers, so they are looked at again until they are gone.</summary>
    private static async Task ExpectNoMoreAsync(TransportScene scene, Held before)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(scene.Token);
        late.CancelAfter(scene.Subject.TimeLimit);
        while (scene.Subject.CountHandles() > before.MostHandles() && !late.IsCancellationRequested)
        {
            await Task.Yield();
        }

        scene.Token.ThrowIfCancellationRequested();
        Expect.AtMost(before.MostHandles(), scene.Subject.CountHandles(), "the number of open handles");
        while (scene.Pool.Outstanding > before.MostRented && !late.IsCancellationRequested)
        {
            await Task.Yield();
        }

        scene.Token.ThrowIfCancellationRequested();
        Expect.AtMost(before.MostRented, scene.Pool.Outstanding, "the number of rented buffers");
    }

    private static async Task CollectedAsync(TransportScene scene)
    {
        const int Connections = 40;
        var ended = new List<WeakReference>();
        for (var i = 0; i < Connections; i++)
        {
            ended.AddRange(await MakeOneAsync(scene));
        }

        using var late = CancellationTokenSource.CreateLinkedTokenSource(scene.Token);
        late.CancelAfter(scene.Subject.TimeLimit);
        int alive;
        do
        {
            await Task.Yield();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            alive = ended.Count(e => e.IsAlive);
        }
        while (alive > HandleTolerance && !late.IsCancellationRequested);
        scene.Token.ThrowIfCancellationRequested();

        // A few may stand in registers, caches and pooled state machines; what leaks keeps them all.
        Expect.AtMost(HandleTolerance, alive, $"the number of ends kept of {2 * Connections} that ended");
    }

    private static async Task<WeakReference[]> MakeOneAsync(TransportScene scene)
    {
        var (near, far) = await scene.ConnectAsync();
        await scene.Wait.For(near.OpenChannelAsync(ChannelPurpose.State, scene.Token));
        await scene.Wait.For(near.OpenAudioLinkAsync(scene.Token));
        await scene.Wait.For(near.DisposeAsync());
        await scene.Wait.For(far.DisposeAsync());
        return [new WeakReference(near), new WeakReference(far)];
    }

    /// <summary>What was held at some moment.</summary>
    private readonly record struct Held(int Handles, int Assemblies, int Rented)
    {
        public int MostRented => Rented + HandleTolerance;

        public static Held Now(TransportScene scene) => new(scene.Subject.CountHandles(), CountAssemblies(), scene.Pool.Outstanding);

        /// <summary>The most handles that there may be now. Where nobody counts them, no number is too many.</summary>
        public int MostHandles() => Handles < 0 ? int.MaxValue : Handles + HandleTolerance + (HandlesPerAssembly * (CountAssemblies() - Assemblies));

        private static int CountAssemblies() => AppDomain.CurrentDomain.GetAssemblies().Length;
    }
}
