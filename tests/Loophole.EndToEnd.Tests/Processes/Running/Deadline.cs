namespace Loophole.EndToEnd.Tests.Processes.Running;

/// <summary>Waits that end, and say what was missing.</summary>
internal static class Deadline
{
    /// <summary>Far beyond what anything takes on a busy machine: whoever waits longer hangs.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(120);

    public static Task WaitAsync(Task task, Func<string> missing) => WaitAsync(Return(task), missing);

    public static async Task<T> WaitAsync<T>(Task<T> task, Func<string> missing)
    {
        try
        {
            return await task.WaitAsync(Default, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"After {Default.TotalSeconds} s: {missing()}");
        }
    }

    private static async Task<bool> Return(Task task)
    {
        await task;
        return true;
    }
}
