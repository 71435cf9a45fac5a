using Loophole.Cluster.Audio;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Timeline;

namespace Loophole.Devices.Calls;

/// <summary>What every device shares: the order of calls, the buffers, and an end that happens once and with no call under way.</summary>
/// <remarks>The audio thread enters a call by one interlocked operation and leaves it by another. Whoever ends the device closes that gate; who
/// finds a call inside leaves the rest to the audio thread, which settles on its way out.</remarks>
internal abstract class AudioDevice(AudioDeviceFormat format) : IAudioDevice
{
    private const int InCall = 1;
    private const int Closed = 2;

    private readonly float[] _input = new float[format.InputChannels * format.BlockFrames];
    private readonly float[] _output = new float[format.OutputChannels * format.BlockFrames];
    private readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IAudioCallback? _callback;
    private AudioDeviceException? _cause;
    private int _gate;
    private int _isDisposing;
    private long _xruns;

    public AudioDeviceFormat Format { get; } = format;

    public Task Ended => _ended.Task;

    public virtual bool IsRealTime => false;

    public virtual long Xruns => Interlocked.Read(ref _xruns);

    /// <summary>Whether there will be no further call. [any]</summary>
    protected bool IsClosed => (Volatile.Read(ref _gate) & Closed) != 0;

    /// <summary>Whether the device has ended, or will, with an error. [any]</summary>
    protected bool HasFailed => Volatile.Read(ref _cause) is not null;

    public void Start(IAudioCallback callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposing) != 0, this);
        if (Volatile.Read(ref _cause) is { } cause)
        {
            throw cause;
        }

        if (Interlocked.CompareExchange(ref _callback, callback, null) is not null)
        {
            throw new InvalidOperationException("The device was started before.");
        }

        try
        {
            Run();
        }
        catch (AudioDeviceException refused)
        {
            End(refused);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposing, 1) != 0)
        {
            await _released.Task.ConfigureAwait(false);
            return;
        }

        Close();
        await _quiet.Task.ConfigureAwait(false);
        try
        {
            await ReleaseAsync().ConfigureAwait(false);
        }
        catch (AudioDeviceException failure)
        {
            Fail(failure);
        }
        finally
        {
            _ended.TrySetResult();
            _released.TrySetResult();
        }
    }

    /// <summary>Begins to call.</summary>
    /// <exception cref="AudioDeviceException">The device refuses.</exception>
    protected abstract void Run();

    /// <summary>Gives back all that the device holds. Once; no call is under way, and none follows.</summary>
    /// <exception cref="AudioDeviceException">Something was lost by it: what <see cref="Ended"/> says, unless there was a cause before.</exception>
    protected abstract ValueTask ReleaseAsync();

    /// <summary>One channel of what the next call takes, <see cref="AudioDeviceFormat.BlockFrames"/> frames. [audio thread]</summary>
    protected Span<float> Input(int channel) => _input.AsSpan(channel * Format.BlockFrames, Format.BlockFrames);

    /// <summary>One channel of what the last call made. [audio thread]</summary>
    protected ReadOnlySpan<float> Output(int channel) => _output.AsSpan(channel * Format.BlockFrames, Format.BlockFrames);

    /// <summary>Calls the callback. Never throws. [audio thread]</summary>
    /// <param name="frames">1 to <see cref="AudioDeviceFormat.BlockFrames"/>.</param>
    /// <param name="notes">What was heard on the MIDI input meanwhile.</param>
    /// <returns>Whether there is something to play; not after the device has ended.</returns>
    protected bool Call(int frames, ReadOnlySpan<MidiMessage> notes = default)
    {
        if (Interlocked.CompareExchange(ref _gate, InCall, 0) != 0)
        {
            return false;
        }

        var isDone = false;
        try
        {
            _output.AsSpan().Clear();
            _callback!.Process(View(_input, Format.InputChannels, frames), notes, View(_output, Format.OutputChannels, frames));
            isDone = true;
        }
        catch (Exception thrown)
        {
            // Whatever it is must not reach the frames of a native caller.
            Interlocked.CompareExchange(ref _cause, new AudioDeviceException(AudioDeviceError.Unknown, $"The audio callback failed: {thrown.Message}", thrown), null);
            Interlocked.Or(ref _gate, Closed);
        }

        if ((Interlocked.And(ref _gate, ~InCall) & Closed) != 0)
        {
            Settle();
        }

        return isDone;
    }

    /// <summary>Ends the device from within; the first cause is the one that is told. [any]</summary>
    protected void End(AudioDeviceException cause)
    {
        // What a device says while it is being disposed is no news.
        if (Volatile.Read(ref _isDisposing) == 0)
        {
            Interlocked.CompareExchange(ref _cause, cause, null);
            Close();
        }
    }

    /// <summary>Counts an interruption. [any]</summary>
    protected void CountXrun() => Interlocked.Increment(ref _xruns);

    private void Close()
    {
        if ((Interlocked.Or(ref _gate, Closed) & InCall) == 0)
        {
            Settle();
        }
    }

    private void Settle()
    {
        if (Volatile.Read(ref _cause) is { } cause)
        {
            Fail(cause);
        }

        _quiet.TrySetResult();
    }

    private void Fail(AudioDeviceException cause)
    {
        if (_ended.TrySetException(cause))
        {
            // Seen, so that a device which nobody awaits does not come up later as a failure that nobody saw.
            _ = _ended.Task.Exception;
        }
    }

    private AudioBuffer View(float[] samples, int channels, int frames) =>
        channels == 0 ? default : new AudioBuffer(samples, channels, Format.BlockFrames, frames);
}
