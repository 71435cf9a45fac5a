using Loophole.Cluster.Hub;
using Loophole.Cluster.Playback;

namespace Loophole.Cluster.Live;

/// <summary>Looks, on a thread of its own and far more often than a block lasts, whether the audio callback has handed anything to inserts, and passes it on: the callback itself may
/// neither do that nor wake anybody. Applies events and catches up in the device loop's place, since inserts answer between two of that one's looks.</summary>
internal sealed class InsertPump : IDisposable
{
    private static readonly TimeSpan Nap = TimeSpan.FromMicroseconds(100);

    /// <summary>When the next call is near.</summary>
    private static readonly TimeSpan ShortNap = TimeSpan.FromMicroseconds(20);

    private readonly Func<LiveCohort> _live;
    private readonly OutputFeed _feed;
    private readonly HubSignal[] _sent;
    private readonly long[] _seen;
    private readonly Action _onCaughtUp;
    private readonly CallRhythm _rhythm;
    private readonly bool _isRealTime;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _ending = new();

    /// <summary>Starts to look.</summary>
    /// <param name="live">Says what is rendered in the callback; it may change, and hands the same to inserts then.</param>
    /// <param name="feed">What plays it.</param>
    /// <param name="sent">What it hands to inserts.</param>
    /// <param name="onCaughtUp">It is rendered in the callback again. [pump]</param>
    /// <param name="period">How far apart the device's calls are.</param>
    /// <param name="isRealTime">Whether what calls the callback is in real time.</param>
    /// <param name="time">The clock.</param>
    public InsertPump(Func<LiveCohort> live, OutputFeed feed, HubSignal[] sent, Action onCaughtUp, TimeSpan period, bool isRealTime, TimeProvider time)
    {
        (_live, _feed, _sent, _seen, _onCaughtUp) = (live, feed, sent, new long[sent.Length], onCaughtUp);
        (_rhythm, _isRealTime, _time) = (new CallRhythm((long)(period.TotalSeconds * time.TimestampFrequency)), isRealTime, time);
        _thread = new Thread(Run) { IsBackground = true, Name = "insert pump", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>Looks no more.</summary>
    public void Dispose()
    {
        _ending.Set();
        _thread.Join();
        _ending.Dispose();
    }

    private void Run()
    {
        if (_isRealTime)
        {
            LiveThread.Raise();
        }

        var near = (long)(Nap.TotalSeconds * 1.5 * _time.TimestampFrequency);
        while (!_ending.IsSet)
        {
            var live = _live();
            var wasWithCallback = live.IsWithCallback;
            live.Follow(_feed);
            if (!wasWithCallback && live.IsWithCallback)
            {
                _onCaughtUp();
            }

            for (var at = 0; at < _sent.Length; at++)
            {
                Look(at);
            }

            if (!ShortSleep.TrySleep(_rhythm.IsNear(_time.GetTimestamp(), near) ? ShortNap : Nap))
            {
                _ending.Wait(TimeSpan.FromMilliseconds(1));
            }
        }
    }

    private void Look(int at)
    {
        if (_sent[at].Ring.WriteFrame is var there && there > _seen[at])
        {
            _seen[at] = there;
            if (at == 0)
            {
                _rhythm.Observe(_time.GetTimestamp());
            }

            foreach (var reader in _sent[at].Readers)
            {
                reader.Push(_isRealTime);
            }
        }
    }
}
