namespace Loophole.Cluster.Tests.Support;

internal static class Wait
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<T> For<T>(Task<T> task) => task.WaitAsync(Deadline, Token);

    public static Task For(Task task) => task.WaitAsync(Deadline, Token);

    /// <summary>Gives a task that must not complete every chance to.</summary>
    public static async Task NotYet(Task task)
    {
        for (var chance = 0; chance < 20_000; chance++)
        {
            Assert.False(task.IsCompleted, "It did not wait.");
            await Task.Yield();
        }
    }

    /// <summary>Waits for what no event announces, yielding the thread; the deadline names what was missing.</summary>
    public static async Task Until(Func<bool> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Deadline, $"Missing: {what}.");
            await Task.Yield();
        }
    }
}
