using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Simulation;

/// <summary>A request to connect or to open a channel, on its way: taken by the peer or given up by the asker, but never both.</summary>
internal sealed class PendingRequest
{
    private readonly TaskCompletionSource<TransportException?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isTaken;

    /// <summary>Decides who has the peer's end.</summary>
    /// <returns>Whether the caller has it: the peer because the request arrived, or the asker because it never will.</returns>
    public bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;

    /// <summary>The peer's answer has arrived.</summary>
    public void Answer(TransportException? refusal) => _answer.TrySetResult(refusal);

    /// <summary>Waits for the answer.</summary>
    /// <exception cref="TransportException">The peer refused, is gone, or did not answer in time.</exception>
    public async ValueTask WaitAsync(TimeProvider time, TimeSpan timeout, string missing, CancellationToken closed, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, closed, cancellationToken);
        TransportException? refusal;
        try
        {
            refusal = await _answer.Task.WaitAsync(any.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException canceled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw closed.IsCancellationRequested
                ? new TransportException(TransportError.PeerReset, $"{missing}: the connection ended.", canceled)
                : new TransportException(TransportError.Unreachable, $"{missing} in {timeout}.", canceled);
        }

        if (refusal is not null)
        {
            throw refusal;
        }
    }
}
