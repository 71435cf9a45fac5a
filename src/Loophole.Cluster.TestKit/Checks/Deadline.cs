using System.Runtime.CompilerServices;

namespace Loophole.Cluster.TestKit.Checks;

/// <summary>Waits for one thing at a time, with a limit, and says what was missing when it does not come.</summary>
internal sealed class Deadline(TimeSpan limit, TimeProvider time, CancellationToken token)
{
    public CancellationToken Token => token;

    public async Task For(Task task, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        try
        {
            await task.WaitAsync(limit, time, token).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            if (!task.IsCompleted)
            {
                throw new UnmetException($"{what} to complete", $"it was still missing after {limit.TotalSeconds:0.###} s");
            }

            // Its own, or it came in the last moment.
            await task.ConfigureAwait(false);
        }
    }

    public async Task<T> For<T>(Task<T> task, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        await For((Task)task, what).ConfigureAwait(false);
        return await task.ConfigureAwait(false);
    }

    public Task For(ValueTask task, [CallerArgumentExpression(nameof(task))] string what = "") => For(task.AsTask(), what);

    public Task<T> For<T>(ValueTask<T> task, [CallerArgumentExpression(nameof(task))] string what = "") => For(task.AsTask(), what);

    /// <summary>Completes when the token fires.</summary>
    public async Task For(CancellationToken fired, [CallerArgumentExpression(nameof(fired))] string what = "")
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = fired.UnsafeRegister(static seen => ((TaskCompletionSource)seen!).TrySetResult(), seen).ConfigureAwait(false);
        await For(seen.Task, $"{what} to fire, that is for the wait").ConfigureAwait(false);
    }
}
