using System.Collections.Immutable;
using Loophole.Cluster.Devices;
using Loophole.Devices.Calls;
using Loophole.Devices.Null;

namespace Loophole.Devices;

/// <summary>A device without hardware, clocked by a <see cref="TimeProvider"/>: inputs are silent, outputs are thrown away.</summary>
/// <remarks>
/// <para><b>Time.</b> A block is called when its last frame is due, counted from the start: after <c>t</c> seconds, ⌊t · rate ÷ block⌋ calls.
/// Late wake-ups catch up. More than a second behind is one xrun: all but the newest block due are skipped.</para>
/// <para><b>Clock.</b> With the system's clock it runs in real time, to a millisecond or two; with a clock that a test advances, the number of calls
/// follows that clock exactly. The calls come on the device's own thread either way.</para>
/// </remarks>
/// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
public sealed class NullAudioHost(TimeProvider? timeProvider = null) : IAudioDeviceHost
{
    private const int DefaultRate = 48_000;
    private const int DefaultBlock = 256;
    private const int MostChannels = 64;

    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;

    /// <summary><c>null</c>, and the id of its one device. [any]</summary>
    public string Name => "null";

    /// <summary><see langword="null"/>: nothing is needed. [any]</summary>
    public string? UnavailableReason => null;

    /// <summary>The one device: 48,000 Hz and 256 frames unless asked otherwise. [any]</summary>
    /// <returns>One.</returns>
    public ImmutableArray<AudioDeviceInfo> List() => [new AudioDeviceInfo(Name, "No sound, in real time", MostChannels, MostChannels, DefaultRate, DefaultBlock)];

    /// <summary>Opens it, as often as wanted. [any]</summary>
    /// <param name="request">Any rate, block size and channels that a request can have.</param>
    /// <returns>The device; the caller's.</returns>
    /// <exception cref="ArgumentException">The id is another one, or there are no audio channels.</exception>
    /// <exception cref="AudioDeviceException"><see cref="AudioDeviceError.NotFound"/>: the id names something behind <c>null:</c>.</exception>
    public IAudioDevice Open(AudioDeviceRequest request)
    {
        RequestCheck.Of(request, Name);
        return request.DeviceId == Name
            ? new NullDevice(new AudioDeviceFormat(request.SampleRate ?? DefaultRate, request.BlockFrames ?? DefaultBlock, request.InputChannels, request.OutputChannels, 0), _time)
            : throw new AudioDeviceException(AudioDeviceError.NotFound, $"There is one null device, \"{Name}\", and no \"{request.DeviceId}\".");
    }
}
