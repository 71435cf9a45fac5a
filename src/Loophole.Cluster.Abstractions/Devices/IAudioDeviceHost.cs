using System.Collections.Immutable;

namespace Loophole.Cluster.Devices;

/// <summary>A kind of devices: a sound server or a library that knows some.</summary>
/// <remarks><b>Thread safety.</b> Every member may be called by any thread but an audio thread, and may ask the system: some milliseconds.</remarks>
public interface IAudioDeviceHost
{
    /// <summary>A word in lower case, the first part of the ids of its devices: <c>jack</c>, <c>portaudio</c>, <c>null</c>, <c>wav</c>. [any]</summary>
    string Name { get; }

    /// <summary>What is missing and what to do about it, as a sentence; <see langword="null"/> when devices can be opened. Looked up with each
    /// call. [any but audio]</summary>
    string? UnavailableReason { get; }

    /// <summary>The devices there are now. [any but audio]</summary>
    /// <returns>Empty when there is none, or the host is not available.</returns>
    ImmutableArray<AudioDeviceInfo> List();

    /// <summary>Opens a device. It does not call before it is started. [any but audio]</summary>
    /// <param name="request">Which one, and how.</param>
    /// <returns>The device; the caller's, who disposes it.</returns>
    /// <exception cref="ArgumentException">The id is not one of this host's.</exception>
    /// <exception cref="AudioDeviceException"><see cref="AudioDeviceError.Unavailable"/>: the host is. <see cref="AudioDeviceError.NotFound"/>: there is no such
    /// device. <see cref="AudioDeviceError.RateRefused"/>, <see cref="AudioDeviceError.BlockRefused"/>: it does not run like that; the message says
    /// how it does. <see cref="AudioDeviceError.Unknown"/>: anything else.</exception>
    IAudioDevice Open(AudioDeviceRequest request);
}
