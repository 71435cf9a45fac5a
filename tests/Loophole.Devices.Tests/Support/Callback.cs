using Loophole.Cluster.Audio;
using Loophole.Cluster.Timeline;

namespace Loophole.Devices.Tests.Support;

/// <summary>What a test does in the audio callback.</summary>
internal delegate void Block(AudioBuffer input, AudioBuffer output);

/// <summary>A callback that counts its calls and lets tests wait for a number of them.</summary>
internal sealed class Callback(Block? block = null) : IAudioCallback
{
    private readonly Lock _gate = new();
    private readonly List<MidiMessage> _notes = [];
    private readonly List<(long Count, TaskCompletionSource Reached)> _waiting = [];
    private long _calls;
    private long _frames;
    private int _inside;
    private long _waitedFor = long.MaxValue;

    public long Calls => Interlocked.Read(ref _calls);

    public long Frames => Interlocked.Read(ref _frames);

    public bool IsInside => Volatile.Read(ref _inside) != 0;

    void IAudioCallback.Process(AudioBuffer input, ReadOnlySpan<MidiMessage> notes, AudioBuffer output)
    {
        Volatile.Write(ref _inside, 1);
        try
        {
            block?.Invoke(input, output);
            Heard(notes, _frames);
            Interlocked.Add(ref _frames, output.FrameCount != 0 ? output.FrameCount : input.FrameCount);
            if (Interlocked.Increment(ref _calls) >= Interlocked.Read(ref _waitedFor))
            {
                Tell();
            }
        }
        finally
        {
            Volatile.Write(ref _inside, 0);
        }
    }

    public Task ReachAsync(long calls, IAudioDevice device)
    {
        Task reached;
        lock (_gate)
        {
            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((calls, source));
            _waitedFor = _waiting.Min(waiting => waiting.Count);
            reached = source.Task;
        }

        if (Calls >= calls)
        {
            Tell();
        }

        return WaitAsync();

        async Task WaitAsync()
        {
            await Deadline.WaitAsync(Task.WhenAny(reached, device.Ended), $"{calls} calls; there were {Calls}");
            Assert.False(device.Ended.IsFaulted && !reached.IsCompleted, $"The device ended after {Calls} of {calls} calls: {device.Ended.Exception?.InnerException?.Message}");
        }
    }

    /// <summary>What was heard on the MIDI input so far, its frames counted from the first call.</summary>
    public MidiMessage[] Notes
    {
        get
        {
            lock (_gate)
            {
                return [.. _notes];
            }
        }
    }

    private void Heard(ReadOnlySpan<MidiMessage> notes, long start)
    {
        lock (_gate)
        {
            foreach (var note in notes)
            {
                _notes.Add(note with { Frame = start + note.Frame });
            }
        }
    }

    private void Tell()
    {
        lock (_gate)
        {
            foreach (var (_, reached) in _waiting.Where(waiting => Calls >= waiting.Count))
            {
                reached.SetResult();
            }

            _waiting.RemoveAll(waiting => waiting.Reached.Task.IsCompleted);
            _waitedFor = _waiting.Count == 0 ? long.MaxValue : _waiting.Min(waiting => waiting.Count);
        }
    }
}
