namespace Loophole.Cluster.Tcp.Connections;

/// <summary>Which socket numbers of a connection were used, so that none is used twice. Safe for concurrent use.</summary>
/// <remarks>Numbers come nearly in order, because sockets overtake each other only a little; so it is enough to remember the last 1024, and to
/// refuse what is older.</remarks>
internal sealed class TicketWindow
{
    public const uint Size = 1024;

    private readonly Lock _gate = new();
    private readonly bool[] _used = new bool[Size];
    private uint _highest;

    /// <summary>Uses a number.</summary>
    /// <returns><see langword="false"/> when it is 0, was used, or lies before the window.</returns>
    public bool TryUse(uint number)
    {
        lock (_gate)
        {
            if (number == 0 || (number <= _highest && _highest - number >= Size))
            {
                return false;
            }

            if (number > _highest)
            {
                MoveTo(number);
            }

            ref var used = ref _used[number % Size];
            return !used && (used = true);
        }
    }

    private void MoveTo(uint number)
    {
        var skipped = Math.Min(number - _highest, Size);
        for (var i = 0u; i < skipped; i++)
        {
            _used[(number - i) % Size] = false;
        }

        _highest = number;
    }
}
