namespace Loophole.Cluster.Sessions;

/// <summary>How long a Signal took to answer over the last minute, and what that says of its clock. One caller at a time.</summary>
internal sealed class RoundTrips
{
    /// <summary>One a second.</summary>
    private const int Kept = 60;

    /// <summary>A clock is set by the quickest of so many answers (RFC 5905, 10): what waits on the way waits on one way only, and makes the answer later than half of the round trip.</summary>
    private const int KeptForClock = 8;

    private readonly Queue<(TimeSpan Took, TimeSpan Offset)> _kept = new();

    /// <summary>Takes note of an answer.</summary>
    /// <param name="took">How long it took to be asked, and to answer.</param>
    /// <param name="asked">When it was asked, by the clock here.</param>
    /// <param name="answered">When it answered, by its own clock.</param>
    public void Add(TimeSpan took, DateTimeOffset asked, DateTimeOffset answered)
    {
        if (_kept.Count == Kept)
        {
            _kept.Dequeue();
        }

        Last = took;
        _kept.Enqueue((took, answered - asked - (took / 2)));
    }

    /// <summary>The last one.</summary>
    public TimeSpan Last { get; private set; }

    /// <summary>Half of them took no longer.</summary>
    public TimeSpan Median => _kept.Select(trip => trip.Took).Order().ElementAt((_kept.Count - 1) / 2);

    /// <summary>None took longer.</summary>
    public TimeSpan Worst => _kept.Max(trip => trip.Took);

    /// <summary>How far its clock is ahead of the one here, wrong by half of the quickest round trip at the most if both clocks run steadily.</summary>
    public TimeSpan ClockOffset => _kept.Skip(_kept.Count - KeptForClock).MinBy(trip => trip.Took).Offset;
}
