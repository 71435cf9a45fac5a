using Loophole.Cluster.Devices;

namespace Loophole.Cluster.Signals;

/// <summary>The render threads of a Signal. Each takes whatever subgraph is furthest behind and can run; an idle one sleeps until rung.</summary>
internal sealed class RenderWorkers : IDisposable
{
    private readonly Thread[] _threads;
    private readonly ManualResetEventSlim[] _bells;
    private readonly Func<bool> _runOne;
    private volatile bool _isStopping;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">1 or more.</param>
    /// <param name="name">For debuggers.</param>
    /// <param name="runOne">Does one piece of work; <see langword="false"/> when there was none. Must not throw.</param>
    public RenderWorkers(int count, string name, Func<bool> runOne)
    {
        _runOne = runOne;
        _bells = [.. Enumerable.Range(0, count).Select(_ => SleptBy())];
        _threads = [.. Enumerable.Range(0, count).Select(worker => new Thread(() => Loop(_bells[worker])) { IsBackground = true, Name = $"{name} render {worker}" })];
        foreach (var thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>Something may have become possible. [any but the audio thread]</summary>
    public void Ring()
    {
        AudioThread.Trip(AudioThreadFault.Bell, nameof(RenderWorkers));
        foreach (var bell in _bells)
        {
            bell.Set();
        }
    }

    /// <summary>Ends the threads after the piece of work each is at. [control]</summary>
    public void Dispose()
    {
        _isStopping = true;
        Ring();
        foreach (var thread in _threads)
        {
            thread.Join();
        }

        foreach (var bell in _bells)
        {
            bell.Dispose();
        }
    }

    /// <summary>A bell makes the lock it sleeps by at its first sleep, which could come when blocks are rendered already: it is slept by here, before anybody can ring it.</summary>
    private static ManualResetEventSlim SleptBy()
    {
        var bell = new ManualResetEventSlim();
        bell.Wait(millisecondsTimeout: 1);
        return bell;
    }

    private void Loop(ManualResetEventSlim bell)
    {
        while (!_isStopping)
        {
            if (!_runOne())
            {
                // Reset before the last look: what is rung after the look finds the bell set, and the wait returns at once.
                bell.Reset();
                if (!_isStopping && !_runOne())
                {
                    bell.Wait();
                }
            }
        }
    }
}
