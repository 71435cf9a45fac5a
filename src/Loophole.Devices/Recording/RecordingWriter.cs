using Loophole.Cluster.Audio;
using Loophole.Cluster.Rendering;

namespace Loophole.Devices.Recording;

/// <summary>Moves what was played from a ring into a sink, on a thread of its own that a timer wakes: ringing a bell would be a system call on the audio thread.</summary>
internal sealed class RecordingWriter(IRenderSink sink, SampleRing ring, TimeSpan period, TimeProvider time) : IDisposable
{
    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _timer;
    private IOException? _failure;
    private long _frames;
    private long _lost;
    private bool _isStopping;
    private bool _hasFailed;

    /// <summary>Frames that found no room. [any]</summary>
    public long LostFrames => Interlocked.Read(ref _lost);

    public void Start()
    {
        _timer = time.CreateTimer(static wake => ((AutoResetEvent)wake!).Set(), _wake, period, period);
        new Thread(Loop) { IsBackground = true, Name = "recording" }.Start();
    }

    /// <summary>Takes a block, or counts it as lost. [audio thread]</summary>
    public void Take(AudioBuffer block)
    {
        if (Volatile.Read(ref _hasFailed) || !ring.TryWrite(block))
        {
            Interlocked.Add(ref _lost, block.FrameCount);
        }
    }

    /// <summary>Writes the rest. Nothing is taken any more.</summary>
    public async ValueTask StopAsync()
    {
        if (_timer is { } timer)
        {
            Volatile.Write(ref _isStopping, true);
            _wake.Set();
            await _left.Task.ConfigureAwait(false);
            await timer.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Completes the sink, after the end.</summary>
    /// <exception cref="IOException">The sink cannot store it, now or before.</exception>
    public Recorded Complete() => _failure is { } failure
        ? throw new IOException($"The recording ended early: {failure.Message}", failure)
        : new Recorded(sink.Complete(), _frames, LostFrames);

    public void Dispose()
    {
        sink.Dispose();
        _wake.Dispose();
    }

    private void Loop()
    {
        bool isLast;
        do
        {
            isLast = Volatile.Read(ref _isStopping);
            Drain();
            if (!isLast)
            {
                _wake.WaitOne();
            }
        }
        while (!isLast);

        _left.SetResult();
    }

    private void Drain()
    {
        for (var samples = ring.Read(); !samples.IsEmpty && _failure is null; samples = ring.Read())
        {
            Write(samples);
        }

        if (_failure is not null)
        {
            // What had been taken before is lost as well, and said so.
            Interlocked.Add(ref _lost, ring.Discard());
        }
    }

    private void Write(ReadOnlySpan<float> samples)
    {
        try
        {
            sink.Write(samples);
        }
        catch (IOException refused)
        {
            _failure = refused;
            Volatile.Write(ref _hasFailed, true);
            return;
        }

        _frames += ring.Release(samples.Length);
    }
}
