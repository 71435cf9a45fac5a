using Loophole.Cluster.Links;

namespace Loophole.Cluster.Rings;

/// <summary>Receives from a link until it ends, in the way that wakes fewer threads for a block: on a thread of its own from one that waits at the network,
/// where the pool would have to be woken, and in the pool from any other, where the pool would have to wake the thread.</summary>
internal static class LinkReceiver
{
    /// <summary>Starts receiving. Nobody else may receive from the link.</summary>
    /// <param name="link">The link; receiving ends when it does, or fails.</param>
    /// <param name="receiver">Called on the thread, or in the pool; one call at a time.</param>
    /// <param name="onReceived">Called after each receive, when everything that had come was handed over.</param>
    /// <param name="name">The thread's name, if there is one.</param>
    /// <param name="cancellationToken">Ends receiving.</param>
    /// <returns>Completes when nothing more is received; with what was thrown, if something was.</returns>
    public static Task RunAsync(IAudioLink link, IAudioLinkReceiver receiver, Action onReceived, string name, CancellationToken cancellationToken)
    {
        if (!link.WaitsAtNetwork)
        {
            // Not on the caller's thread: while blocks are there already, a receive does not give it back.
            return Task.Run(() => AwaitAsync(link, receiver, onReceived, cancellationToken), CancellationToken.None);
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Receive(link, receiver, onReceived, done, cancellationToken)) { IsBackground = true, Name = name };
        thread.Start();
        return done.Task;
    }

    private static async Task AwaitAsync(IAudioLink link, IAudioLinkReceiver receiver, Action onReceived, CancellationToken cancellationToken)
    {
        while (await link.ReceiveAsync(receiver, cancellationToken).ConfigureAwait(false))
        {
            onReceived();
        }
    }

    private static void Receive(IAudioLink link, IAudioLinkReceiver receiver, Action onReceived, TaskCompletionSource done, CancellationToken cancellationToken)
    {
        try
        {
            while (link.Receive(receiver, cancellationToken))
            {
                onReceived();
            }

            done.SetResult();
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            done.SetCanceled(exception.CancellationToken);
        }
        catch (Exception exception)
        {
            done.SetException(exception);
        }
    }
}
