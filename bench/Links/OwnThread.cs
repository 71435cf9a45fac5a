namespace Loophole.Bench.Links;

/// <summary>Runs something on a thread of its own.</summary>
internal static class OwnThread
{
    public static Task<T> RunAsync<T>(string name, Func<T> run)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                done.SetResult(run());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        })
        {
            IsBackground = true,
            Name = name,
        }.Start();
        return done.Task;
    }
}
