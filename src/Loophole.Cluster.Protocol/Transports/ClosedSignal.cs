using System.Diagnostics.CodeAnalysis;

namespace Loophole.Cluster.Protocol.Transports;

/// <summary>A token that fires once, with its callbacks on the thread pool and never on the path that closes.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The token must stay valid for late readers; without a timer there is nothing to free.")]
internal sealed class ClosedSignal
{
    private readonly CancellationTokenSource _source = new();
    private int _fired;

    public CancellationToken Token => _source.Token;

    public void Fire()
    {
        if (Interlocked.Exchange(ref _fired, 1) == 0)
        {
            // CancelAsync marks the token at once and runs the callbacks on the pool.
            _ = _source.CancelAsync();
        }
    }
}
