namespace Loophole.Cluster.Devices;

/// <summary>An open audio device: the clock of whoever plays by it.</summary>
/// <remarks>
/// <para><b>Order.</b> Opened by an <see cref="IAudioDeviceHost"/>, started once, disposed. It may be disposed without a start.</para>
/// <para><b>Thread safety.</b> <see cref="Start"/> and disposal have one caller at a time; the properties are for all. None of it is for
/// the audio thread: a callback that disposes its device waits for itself.</para>
/// </remarks>
public interface IAudioDevice : IAsyncDisposable
{
    /// <summary>What the device does; the same for its whole life. [any]</summary>
    AudioDeviceFormat Format { get; }

    /// <summary>Completes when the device will not call any more, and no call is under way: normally once it is disposed, and with an
    /// <see cref="AudioDeviceException"/> as soon as it is gone, its rate or block size was changed by somebody else, or the callback threw: still
    /// to be disposed then. Or with one at the end of the disposal, when something was lost by that. [any]</summary>
    Task Ended { get; }

    /// <summary>How often sound was interrupted since the start, as far as the device tells; 0 or more, never less than before. [any]</summary>
    long Xruns { get; }

    /// <summary>Whether its audio thread takes precedence over all threads that are not in real time. Only then may threads that it waits for be in real time too: otherwise they would push it aside. [any]</summary>
    bool IsRealTime => false;

    /// <summary>Begins to call. Once. [one caller]</summary>
    /// <param name="callback">Called on the device's audio thread, one call at a time, until the device has ended. Stays the caller's.</param>
    /// <exception cref="ArgumentNullException">There is no callback.</exception>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    /// <exception cref="AudioDeviceException">It has ended already, or refuses to start; <see cref="Ended"/> says the same.</exception>
    void Start(IAudioCallback callback);
}
