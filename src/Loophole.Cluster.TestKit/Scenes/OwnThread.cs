namespace Loophole.Cluster.TestKit.Scenes;

/// <summary>A thread for calls that block.</summary>
internal static class OwnThread
{
    public static Task<T> RunAsync<T>(Func<T> body) =>
        Task.Factory.StartNew(body, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
