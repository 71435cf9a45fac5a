using Loophole.Cluster.Links;

namespace Loophole.Cluster.Rings;

/// <summary>Receives from a link on a thread of its own: a pool thread would have to be woken for every block.</summary>
internal static class LinkReceiver
{
    /// <summary>Starts the thread.</summary>
    /// <param name="link">The link; it ends the thread when it fails.</param>
    /// <param name="receiver">Called on the thread.</param>
    /// <param name="name">The thread's name.</param>
    /// <param name="cancellationToken">Ends the thread.</param>
    /// <returns>Completes when the thread has ended; with what it threw, if it threw.</returns>
    public static Task RunAsync(IAudioLink link, IAudioLinkReceiver receiver, string name, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Receive(link, receiver, done, cancellationToken)) { IsBackground = true, Name = name };
        thread.Start();
        return done.Task;
    }

    private static void Receive(IAudioLink link, IAudioLinkReceiver receiver, TaskCompletionSource done, CancellationToken cancellationToken)
    {
        try
        {
            while (link.Receive(receiver, cancellationToken))
            {
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
