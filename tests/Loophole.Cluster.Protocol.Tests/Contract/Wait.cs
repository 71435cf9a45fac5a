using System.Runtime.CompilerServices;

namespace Loophole.Cluster.Protocol.Tests.Contract;

/// <summary>Waits with a deadline that says what was missing.</summary>
public static class Wait
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static async Task<T> For<T>(Task<T> task, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        await For((Task)task, what);
        return await task;
    }

    public static Task<T> For<T>(ValueTask<T> task, [CallerArgumentExpression(nameof(task))] string what = "") => For(task.AsTask(), what);

    public static Task For(ValueTask task, [CallerArgumentExpression(nameof(task))] string what = "") => For(task.AsTask(), what);

    public static async Task For(Task task, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        try
        {
            await task.WaitAsync(Limit, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Missing after {Limit}: {what}");
        }
    }

    /// <summary>Completes when the token fires.</summary>
    public static Task For(CancellationToken token, [CallerArgumentExpression(nameof(token))] string what = "")
    {
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        token.Register(fired.SetResult);
        return For(fired.Task, what);
    }

    /// <summary>Completes when the condition holds.</summary>
    public static async Task Until(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(deadline) < Limit, $"Missing after {Limit}: {what}");
            await Task.Yield();
        }
    }
}
