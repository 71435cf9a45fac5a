using System.Buffers;
using Loophole.Cluster.Hub;
using Loophole.Cluster.Messages;

namespace Loophole.Cluster.Live;

/// <summary>Lets something else be rendered in the audio callback, at the end of one of its calls and without a gap; on a thread of its own.</summary>
/// <remarks>
/// <para>What comes to be live was rendered ahead; a <see cref="HubBridge"/> renders it anew, up to what is heard. As soon as all that is to be read is there, what bridges and the old cohort
/// remember at the end of a call becomes what the new cohort, and what leaves the callback, begin with.</para>
/// <para>What leaves is at once rendered ahead, by another bridge, until its node does.</para>
/// </remarks>
internal sealed class LiveTurn : IDisposable
{
    /// <summary>What leaves is rendered so far ahead before it is played, as part of a second; one block of the device at the least.</summary>
    private const int SoonPart = 100;

    /// <summary>A device that has not called for so long does not call.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly LiveTurnParts _parts;
    private readonly TimeProvider _time;
    private readonly ArrayBufferWriter<byte> _checkpoint = new();
    private readonly ArrayBufferWriter<byte> _left = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Thread _thread;
    private (long Playhead, long Timestamp) _moved;
    private long _leftFrame;
    private bool _isLeftSaved;

    /// <summary>Starts.</summary>
    /// <param name="parts">What turns.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onTurned">It has turned; told of the checkpoint of what has left, if anything has. [turn thread]</param>
    /// <param name="onFailed">It cannot. [turn thread]</param>
    public LiveTurn(LiveTurnParts parts, TimeProvider time, Action<Turned, ReadOnlyMemory<byte>> onTurned, Action<Exception> onFailed)
    {
        (_parts, _time) = (parts, time);
        _thread = new Thread(() => Run(onTurned, onFailed)) { IsBackground = true, Name = "live turn", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>Ends it where it is.</summary>
    public void Dispose()
    {
        _ending.Cancel();
        _thread.Join();
        _ending.Dispose();
    }

    private void Run(Action<Turned, ReadOnlyMemory<byte>> onTurned, Action<Exception> onFailed)
    {
        try
        {
            var frame = Turn();
            if (_parts.Leaving is { } left)
            {
                // First of all, so that there is time for the rest.
                SaveLeft(left);
                left.Advance(UpTo(_parts.Feed.Playhead + (_parts.Playing.LeadFrames / 4)));
            }

            foreach (var bridge in _parts.Retired)
            {
                _parts.Drop(bridge);
            }

            onTurned(new Turned(frame, _leftFrame), _left.WrittenMemory);
            if (_parts.Leaving is { } leaving)
            {
                StayAhead(leaving);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for it any more.
        }
        catch (Exception failure)
        {
            // Whatever a renderer throws ends the session by name.
            onFailed(failure);
        }
        finally
        {
            foreach (var bridge in _parts.Leaving is { } last ? _parts.Retired.Add(last) : _parts.Retired)
            {
                _parts.Drop(bridge);
            }
        }
    }

    /// <returns>The frame at which it has turned.</returns>
    private long Turn()
    {
        // Once before it counts: room for what is saved is made, and what saves is compiled.
        Save(_parts.To);
        _parts.Leaving?.Save(_left);
        _moved = (_parts.Feed.Playhead, _time.GetTimestamp());
        for (var began = _time.GetTimestamp(); _time.GetElapsedTime(began) < AudioHub.StallDeadline; Rest())
        {
            var playhead = _parts.Feed.Playhead;
            _parts.To?.Prepare(playhead);
            _parts.Next.Release(playhead);
            _parts.Leaving?.Await(playhead);
            foreach (var bridge in _parts.Retired)
            {
                bridge.Advance(UpTo(playhead));
            }

            if (IsGoodMoment(playhead) && IsThere(playhead) && TrySave(playhead))
            {
                BeginAt(playhead);
                return playhead;
            }
        }

        throw new TimeoutException($"What is to be live was not ready in {AudioHub.StallDeadline.TotalSeconds} s.");
    }

    /// <summary>Whether a call of the device has just ended, so that there is time until the next one.</summary>
    private bool IsGoodMoment(long playhead)
    {
        if (playhead == _moved.Playhead)
        {
            return _time.GetElapsedTime(_moved.Timestamp) > Pause;
        }

        _moved = (playhead, _time.GetTimestamp());
        return true;
    }

    private bool IsThere(long playhead) => _parts.Awaited.All(signal => signal.Ring.WriteFrame >= playhead + (_parts.Playing.LeadFrames / 2));

    /// <summary>Saves everything at a frame, if that is where everything is, and takes what is live from the callback.</summary>
    private bool TrySave(long frame)
    {
        if (_parts.Retired.Any(bridge => bridge.Position != frame) || _parts.From?.TrySeize() == false)
        {
            return false;
        }

        if (_parts.From is { } from && from.Position != frame)
        {
            from.GiveBack();
            return false;
        }

        Save(_parts.From);
        return true;
    }

    private void Save(LiveCohort? cohort)
    {
        _checkpoint.ResetWrittenCount();
        cohort?.Save(_checkpoint);
        foreach (var bridge in _parts.Retired)
        {
            bridge.Save(_checkpoint);
        }
    }

    /// <summary>Lets everything begin at a frame, catch up with what is heard by now, and be played.</summary>
    private void BeginAt(long frame)
    {
        var format = _parts.Playing.Format;
        var soon = Math.Max(format.BlockFrames, format.SampleRate / SoonPart);
        if (_parts.Leaving is { } leaving)
        {
            // To the grid, as early as can be, so that what changes next is behind it; and far enough for what is called until it is saved there.
            leaving.Begin(frame, _checkpoint.WrittenSpan);
            _leftFrame = (frame + soon + _parts.BlockFrames - 1) / _parts.BlockFrames * _parts.BlockFrames;
            leaving.Advance(UpTo(_leftFrame));
        }

        _parts.To?.BeginAt(frame, _checkpoint.WrittenSpan);
        while (true)
        {
            var playhead = _parts.Feed.Playhead;
            if (_parts.Leaving is { } behind && behind.Position < playhead + format.BlockFrames)
            {
                SaveLeft(behind);
                behind.Advance(UpTo(playhead + soon));
            }

            _parts.To?.CatchUp(_parts.Feed);
            if (_parts.To is not { Failure: null } to || (to.Position == _parts.Feed.Playhead && _parts.Feed.IsBetweenCalls))
            {
                _parts.Playing.Turn(_parts.Next);
                return;
            }

            _ending.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Renders what has left ahead until somebody else does; a little at a time, as it may be ended.</summary>
    private void StayAhead(HubBridge leaving)
    {
        while (!leaving.IsOvertaken)
        {
            var before = leaving.Position;
            leaving.Advance(UpTo(Math.Min(before + _parts.BlockFrames, _parts.Feed.Playhead + _parts.Playing.LeadFrames)));
            if (leaving.Position == before)
            {
                Rest();
            }

            _ending.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Saves what has left, once it has come to the grid.</summary>
    private void SaveLeft(HubBridge leaving)
    {
        if (_isLeftSaved)
        {
            return;
        }

        for (; leaving.Position < _leftFrame; leaving.Advance(UpTo(_leftFrame)))
        {
            Rest();
        }

        _left.ResetWrittenCount();
        leaving.Save(_left);
        _isLeftSaved = true;
    }

    private long UpTo(long frame) => Math.Min(frame, _parts.KnownBefore());

    private void Rest()
    {
        _ending.Token.ThrowIfCancellationRequested();
        if (!ShortSleep.TrySleep(TimeSpan.FromMicroseconds(100)))
        {
            _ending.Token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(1));
        }
    }
}
