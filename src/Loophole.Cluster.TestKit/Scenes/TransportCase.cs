using Loophole.Cluster.TestKit.Checks;

namespace Loophole.Cluster.TestKit.Scenes;

/// <summary>Makes cases that run on a scene and end with nothing rented.</summary>
internal static class TransportCase
{
    public static ConformanceCase<TransportSubject> On(
        string id, string title, string source, Func<TransportScene, Task> body, Func<TransportSubject, string?>? skipReason = null, bool runsAlone = false) =>
        new(id, title, source, (subject, token) => RunAsync(subject, body, token))
        {
            RunsAlone = runsAlone,
            SkipReason = skipReason ?? (static _ => null),
        };

    private static async Task RunAsync(TransportSubject subject, Func<TransportScene, Task> body, CancellationToken token)
    {
        using var pool = new CountingMemoryPool();
        var scene = await TransportScene.StartAsync(subject, pool, token);
        try
        {
            await body(scene);
        }
        catch
        {
            await scene.AbandonAsync();
            throw;
        }

        await scene.DisposeAsync();
        await ExpectNothingRentedAsync(pool, scene.Wait);
    }

    public static async Task ExpectNothingRentedAsync(CountingMemoryPool pool, Deadline wait)
    {
        await wait.For(pool.WaitUntilEmptyAsync(wait.Token), "the return of every rented buffer");
        Expect.Equal(0, pool.WritesAfterReturn, "the number of buffers written to after their return");
    }
}
