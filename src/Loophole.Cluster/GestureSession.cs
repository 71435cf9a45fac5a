using System.Collections.Concurrent;
using System.Collections.Immutable;
using Loophole.Cluster.Sessions;

namespace Loophole.Cluster;

/// <summary>A hand on some parameters (<see cref="PlaybackControl.OpenGestureAsync"/>): they follow it until the session is closed, and stay where it left them.</summary>
/// <remarks>
/// <para>As long as it is open, what hears the parameters is rendered only <see cref="PlayRequest.GestureLeadFrames"/> ahead, so a position takes effect that
/// much later, at one frame everywhere. Positions that come between two reports of the playhead are spread over the time between them and joined by straight
/// lines: the movement is heard as it was made. What comes too often is thinned out; the last one always counts.</para>
/// <para><b>Threads.</b> Every member may be called by any thread.</para>
/// </remarks>
public sealed class GestureSession : IAsyncDisposable
{
    private readonly RenderHappenings _happenings;
    private readonly ConcurrentQueue<double> _positions = new();
    private readonly Happening.GestureClosed _closing;
    private int _isClosed;

    internal GestureSession(RenderHappenings happenings, ImmutableArray<GestureTarget> targets)
    {
        (_happenings, Targets) = (happenings, targets);
        _closing = new Happening.GestureClosed(this);
    }

    /// <summary>What it moves.</summary>
    public ImmutableArray<GestureTarget> Targets { get; }

    /// <summary>Moves. Never waits; nothing happens once the session is closed, or nothing is played any more. [any]</summary>
    /// <param name="position">The position, in the targets' input range.</param>
    public void Update(double position)
    {
        if (Volatile.Read(ref _isClosed) == 0)
        {
            _positions.Enqueue(position);
        }
    }

    /// <summary>Moves to a last position and closes. [any]</summary>
    /// <param name="position">The position, in the targets' input range.</param>
    /// <returns>The render frame at which it is reached, and from which on is rendered far ahead again.</returns>
    /// <exception cref="InvalidOperationException">Nothing is played any more.</exception>
    public Task<long> CommitAsync(double position)
    {
        Update(position);
        return CloseAsync();
    }

    /// <summary>Closes where it is. [any]</summary>
    /// <returns>Completes when it is closed, or nothing is played any more.</returns>
    public async ValueTask DisposeAsync() => await ((Task)CloseAsync()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Takes what has come since the last time. [session]</summary>
    internal List<double> Take()
    {
        var positions = new List<double>();
        while (_positions.TryDequeue(out var position))
        {
            positions.Add(position);
        }

        return positions;
    }

    private Task<long> CloseAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            _happenings.Ask(_closing);
        }

        return _closing.Done.Task;
    }
}
