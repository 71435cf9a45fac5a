namespace Loophole.Cluster.Playback;

/// <summary>Writes what an audio callback has left behind, some times a second and once more at the end.</summary>
internal sealed class DiskLoop : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly Action _write;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _writing;

    /// <summary>Starts to write.</summary>
    /// <param name="write">Writes what is there. One call at a time.</param>
    /// <param name="time">The clock.</param>
    public DiskLoop(Action write, TimeProvider time)
    {
        _write = write;
        _writing = Task.Run(() => RunAsync(time));
    }

    /// <summary>Writes the rest. Once the callback is not called any more.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public async Task EndAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
    }

    /// <summary>Ends, if it has not yet; nothing is written any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task RunAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token).ConfigureAwait(false))
            {
                _write();
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            _write();
        }
    }
}
