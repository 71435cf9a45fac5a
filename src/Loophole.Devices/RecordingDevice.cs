using Loophole.Cluster.Audio;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Rendering;
using Loophole.Devices.Recording;

namespace Loophole.Devices;

/// <summary>Any device, and what it plays goes into a sink as well, sample for sample. Around a null device it is a device that writes files.</summary>
/// <remarks>
/// <para><b>Never in the way.</b> The audio thread copies into a ring and goes on; a thread of its own writes. Is the ring full, the block is not recorded and
/// <see cref="LostFrames"/> counts it. A sink that fails ends the recording, not the sound: all that follows is lost, and <see cref="Result"/> fails.</para>
/// <para><b>Ownership.</b> The device and the sink are the recording's from construction on, and disposed with it. Disposal stops the device, writes
/// what waits, and completes the sink; a recording that was never started is left incomplete, so that its sink leaves nothing behind.</para>
/// <para><b>Thread safety.</b> As <see cref="IAudioDevice"/> says.</para>
/// </remarks>
public sealed class RecordingDevice : IAudioDevice
{
    private readonly IAudioDevice _device;
    private readonly RecordingWriter _writer;
    private readonly TaskCompletionSource<Recorded> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isDisposing;
    private bool _isStarted;

    /// <summary>Wraps a device that was not started. [any]</summary>
    /// <param name="device">Taken over.</param>
    /// <param name="sink">Taken over; takes interleaved frames of the device's output channels.</param>
    /// <param name="options"><see langword="null"/> for the defaults.</param>
    /// <param name="timeProvider">The clock by which is written; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentException">The device plays nothing.</exception>
    public RecordingDevice(IAudioDevice device, IRenderSink sink, RecordingOptions? options = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(sink);
        if (device.Format.OutputChannels == 0)
        {
            throw new ArgumentException("A device without output channels has nothing to record.", nameof(device));
        }

        _device = device;
        options ??= new RecordingOptions();
        var frames = Math.Max((int)(options.Buffer.Ticks * device.Format.SampleRate / TimeSpan.TicksPerSecond), device.Format.BlockFrames);
        _writer = new RecordingWriter(sink, new SampleRing(device.Format.OutputChannels, frames), options.WritePeriod, timeProvider ?? TimeProvider.System);
        _ = FollowAsync();
    }

    /// <inheritdoc/>
    public AudioDeviceFormat Format => _device.Format;

    /// <inheritdoc/>
    /// <remarks>After disposal, what was recorded is stored, too.</remarks>
    public Task Ended => _ended.Task;

    /// <inheritdoc/>
    public long Xruns => _device.Xruns;

    /// <summary>Frames that were played and are not recorded; 0 or more. [any]</summary>
    public long LostFrames => _writer.LostFrames;

    /// <summary>What became of it: completes with the disposal of a recording that was started. Fails with the <see cref="IOException"/> of the sink, and with
    /// <see cref="ObjectDisposedException"/> when it was never started. [any]</summary>
    public Task<Recorded> Result => _result.Task;

    /// <inheritdoc/>
    public void Start(IAudioCallback callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposing) != 0, this);
        _device.Start(new Tap(callback, _writer));
        _isStarted = true;
        _writer.Start();
    }

    /// <summary>Stops the device, writes what waits, and completes the sink. Does not throw for the sink's sake: <see cref="Result"/> tells.</summary>
    /// <returns>Completes when all is stored, or given up.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposing, 1) != 0)
        {
            await _released.Task.ConfigureAwait(false);
            return;
        }

        try
        {
            await _device.DisposeAsync().ConfigureAwait(false);
            Fail();
            await _writer.StopAsync().ConfigureAwait(false);
            _result.SetResult(_isStarted ? _writer.Complete() : throw new ObjectDisposedException(nameof(RecordingDevice), "The recording was never started."));
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            _result.SetException(failure);
            _ = _result.Task.Exception;
        }
        finally
        {
            _writer.Dispose();
            _ended.TrySetResult();
            _released.SetResult();
        }
    }

    /// <summary>A device that ends by itself ends the recording device at once; what was recorded waits for the disposal.</summary>
    private async Task FollowAsync()
    {
        await _device.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Fail();
    }

    private void Fail()
    {
        if (_device.Ended.Exception?.InnerException is { } cause && _ended.TrySetException(cause))
        {
            _ = _ended.Task.Exception;
        }
    }

    /// <summary>Stands between the device and its user.</summary>
    private sealed class Tap(IAudioCallback callback, RecordingWriter writer) : IAudioCallback
    {
        public void Process(AudioBuffer input, AudioBuffer output)
        {
            callback.Process(input, output);
            writer.Take(output);
        }
    }
}
