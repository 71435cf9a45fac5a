using Loophole.Cluster.Hub;
using Loophole.Cluster.Playback;

namespace Loophole.Cluster.Live;

/// <summary>Looks, on a thread of its own and far more often than a block lasts, whether the audio callback has handed anything to inserts, and wakes whoever passes it on: the callback itself may
/// wake nobody. Applies events and catches up in the device loop's place, since inserts answer between two of that one's looks.</summary>
internal sealed class InsertPump : IDisposable
{
    private readonly Func<LiveCohort> _live;
    private readonly OutputFeed _feed;
    private readonly HubSignal[] _sent;
    private readonly long[] _seen;
    private readonly Action _onCaughtUp;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _ending = new();

    /// <summary>Starts to look.</summary>
    /// <param name="live">Says what is rendered in the callback; it may change, and hands the same to inserts then.</param>
    /// <param name="feed">What plays it.</param>
    /// <param name="sent">What it hands to inserts.</param>
    /// <param name="onCaughtUp">It is rendered in the callback again. [pump]</param>
    public InsertPump(Func<LiveCohort> live, OutputFeed feed, HubSignal[] sent, Action onCaughtUp)
    {
        (_live, _feed, _sent, _seen, _onCaughtUp) = (live, feed, sent, new long[sent.Length], onCaughtUp);
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

            if (!ShortSleep.TrySleep())
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
            foreach (var reader in _sent[at].Readers)
            {
                reader.Ring();
            }
        }
    }
}
