namespace Loophole.Devices.Wav;

/// <summary>The thread of a device that waits for the disk: it writes what was played, and reads ahead what is recorded. It looks by itself, as an audio thread rings nobody.</summary>
/// <param name="output">What is written; owned.</param>
/// <param name="input">What is read, or <see langword="null"/>; owned.</param>
/// <param name="time">The device's clock.</param>
/// <param name="onBlock">Called after each block that was written or read. [disk thread]</param>
/// <param name="onFailure">Called with what ended the thread. [disk thread]</param>
internal sealed class WavDisk(WavOutput output, WavInput? input, TimeProvider time, Action onBlock, Action<Exception> onFailure)
{
    /// <summary>A small part of what fits into the rings.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(20);

    private readonly AutoResetEvent _look = new(false);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _timer;
    private volatile bool _isEnding;
    private bool _isKept;

    /// <summary>Reads ahead, and starts the thread. Once. [one caller]</summary>
    /// <exception cref="IOException">The input cannot be read.</exception>
    public void Start()
    {
        input?.ReadAhead(onBlock);
        _timer = time.CreateTimer(static look => ((AutoResetEvent)look!).Set(), _look, LookPeriod, LookPeriod);
        new Thread(Work) { IsBackground = true, Name = "wav disk" }.Start();
    }

    /// <summary>Ends the thread, if there is one, and closes both files. Once; the audio thread has ended.</summary>
    /// <param name="isKept">Whether what was played is written to its end and gets its name; it disappears otherwise.</param>
    /// <exception cref="IOException">The disk refused, now or before.</exception>
    public async Task EndAsync(bool isKept)
    {
        using var closing = _look;
        using var reading = input;
        using var writing = output;
        if (_timer is { } timer)
        {
            await timer.DisposeAsync().ConfigureAwait(false);
            (_isKept, _isEnding) = (isKept, true);
            _look.Set();
            await _left.Task.ConfigureAwait(false);
        }
    }

    private void Work()
    {
        try
        {
            for (_look.WaitOne(); !_isEnding; _look.WaitOne())
            {
                input?.ReadAhead(onBlock);
                output.Write(onBlock);
            }

            if (_isKept)
            {
                output.Write(onBlock);

                // Where open files cannot be replaced, the one that is read may be the one that is written.
                input?.Dispose();
                output.Complete();
            }

            _left.SetResult();
        }
        catch (Exception failure)
        {
            // Whatever a file throws ends the device by name, and not the process.
            onFailure(failure);
            _left.SetException(failure);
        }
    }
}
