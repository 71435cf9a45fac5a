using Loophole.Cluster.Control;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Protocol;

namespace Loophole.Cluster.Sessions;

/// <summary>Keeps a control connection alive both ways: says something regularly, and notices when the peer no longer does.</summary>
internal static class Heartbeat
{
    /// <summary>Beats in the time after which silence means that somebody is lost. Half of them missing is suspect.</summary>
    private const int Beats = 8;

    /// <summary>How often somebody has to say something who is lost after some silence: often enough for a few to be missed, and not more often, as Pulse hears from all.</summary>
    public static TimeSpan PeriodFor(TimeSpan deadline) => TimeSpan.FromMilliseconds(Math.Min(Math.Floor(deadline.TotalMilliseconds / Beats), HelloCommand.SlowestBeat));

    /// <summary>Runs until the peer has been silent for too long.</summary>
    /// <param name="control">The connection.</param>
    /// <param name="peer">Who is there.</param>
    /// <param name="period">How often to say something.</param>
    /// <param name="deadline">How long the peer may be silent.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onSuspicion">Told when something may be wrong, and when it is not any more; or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How long it has been silent.</returns>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    /// <exception cref="ControlException">The connection is lost.</exception>
    public static async Task<TimeSpan> RunAsync(PipeControlChannel control, Party peer, TimeSpan period, TimeSpan deadline, TimeProvider time, Action<bool>? onSuspicion, CancellationToken cancellationToken)
    {
        var isSuspect = false;
        var beat = ClusterJson.ToElement(Empty.Instance);
        var started = time.GetTimestamp();
        while (true)
        {
            var silence = time.GetElapsedTime(Math.Max(control.LastReceivedTimestamp, started));
            if (silence > deadline)
            {
                return silence;
            }

            if (silence > deadline / 2 != isSuspect)
            {
                isSuspect = !isSuspect;
                onSuspicion?.Invoke(isSuspect);
            }

            // A peer that reads nothing lets the send wait; the silence ends that too.
            using var limit = new CancellationTokenSource(deadline, time);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            try
            {
                await control.SendEventAsync(peer, "client", "heartbeat", beat, patience.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return deadline;
            }

            await Task.Delay(period, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
