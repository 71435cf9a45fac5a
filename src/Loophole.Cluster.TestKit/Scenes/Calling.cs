namespace Loophole.Cluster.TestKit.Scenes;

/// <summary>Makes a call a task, whether it throws at once or later.</summary>
internal static class Calling
{
    public static async Task Async(Func<ValueTask> call) => await call();

    public static async Task<T> Async<T>(Func<ValueTask<T>> call) => await call();
}
