namespace Loophole.Cluster.Protocol.Transports;

/// <summary>Lets any thread end something that one other thread uses, never while it is in use: then its user carries the end out when it lets go.
/// One interlocked operation for each hold and release; there is one of each for every block.</summary>
internal sealed class EndGate(Action<Exception?> carryOut)
{
    private const int Held = 1;
    private const int Ending = 2;
    private const int Ended = 4;

    private int _state;
    private int _hasCause;
    private Exception? _cause;

    /// <summary>Keeps the end away until <see cref="Release"/>. By the user; again while it holds is the same hold.</summary>
    /// <returns><see langword="false"/>, and nothing is held, once the end has been asked for.</returns>
    public bool TryHold() => (Interlocked.CompareExchange(ref _state, Held, 0) & Ending) == 0;

    /// <summary>Lets go, and carries the end out if it was asked for meanwhile. By the user.</summary>
    public void Release()
    {
        if ((Interlocked.CompareExchange(ref _state, 0, Held) & Ending) != 0)
        {
            CarryOut(_cause);
        }
    }

    /// <summary>Asks for the end: carried out at once when nobody holds. Only the first cause counts.</summary>
    /// <returns>Whether this was the first and the user holds: then whoever asked should wake it.</returns>
    public bool End(Exception? cause)
    {
        if (Interlocked.Exchange(ref _hasCause, 1) != 0)
        {
            return false;
        }

        _cause = cause;
        var isHeld = (Interlocked.Or(ref _state, Ending) & Held) != 0;
        if (!isHeld)
        {
            CarryOut(cause);
        }

        return isHeld;
    }

    /// <summary>Ends at once. By the user, which holds nothing that it still looks at.</summary>
    public void EndNow(Exception? cause)
    {
        Interlocked.Exchange(ref _hasCause, 1);
        Interlocked.Or(ref _state, Ending);
        CarryOut(cause);
    }

    private void CarryOut(Exception? cause)
    {
        if ((Interlocked.Or(ref _state, Ended) & Ended) == 0)
        {
            carryOut(cause);
        }
    }
}
