using System.Collections.Immutable;
using Loophole.Cluster.Devices;
using Loophole.Devices.Calls;
using Loophole.Devices.PortAudio;

namespace Loophole.Devices;

/// <summary>Devices of PortAudio, by all of its host APIs (ALSA, OSS, JACK, …). Needs <c>libportaudio.so.2</c>.</summary>
/// <remarks>
/// <para><b>Devices.</b> <c>portaudio:HOSTAPI/NAME</c>. PortAudio looks for devices when none of this process is open, so one plugged in meanwhile is
/// listed after the last was disposed.</para>
/// <para><b>Blocks.</b> Any size: PortAudio adapts the device's own, at the price of latency. 256 frames when none are asked for.</para>
/// <para><b>Loss.</b> Noticed within a second or so. A stream over a JACK server that is gone cannot be closed: it is left behind, and this process sees no
/// new devices by PortAudio from then on. <see cref="JackAudioHost"/> has no such limit.</para>
/// <para><b>JACK.</b> Where JACK's default server runs, PortAudio is its client as long as a device of any host API is open; then this process is on that
/// server (see <see cref="JackAudioHost"/>).</para>
/// <para><b>Output.</b> The messages of ALSA's library and of JACK's are dropped, for the whole process.</para>
/// </remarks>
/// <param name="timeProvider">The clock by which is looked whether devices still run; <see langword="null"/> for the system's.</param>
public sealed class PortAudioHost(TimeProvider? timeProvider = null) : IAudioDeviceHost
{
    internal const string HostName = "portaudio";

    private const int DefaultBlock = 256;

    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;

    /// <summary><c>portaudio</c>. [any]</summary>
    public string Name => HostName;

    /// <summary>The library is missing, does not start, or finds no device. [any but audio]</summary>
    public string? UnavailableReason
    {
        get
        {
            try
            {
                using var session = PortAudioSession.Open();
                return session.Devices().Count == 0 ? "PortAudio finds no audio device on this machine." : null;
            }
            catch (AudioDeviceException refused)
            {
                return refused.Message;
            }
        }
    }

    /// <summary>The devices of all host APIs. [any but audio]</summary>
    /// <returns>In PortAudio's order.</returns>
    public ImmutableArray<AudioDeviceInfo> List()
    {
        try
        {
            using var session = PortAudioSession.Open();
            return
            [
                .. session.Devices().Select(entry => new AudioDeviceInfo(entry.Id, entry.Name, entry.InputChannels, entry.OutputChannels, entry.SampleRate, DefaultBlock)),
            ];
        }
        catch (AudioDeviceException)
        {
            return [];
        }
    }

    /// <summary>Opens a device. [any but audio]</summary>
    /// <param name="request">Which one, and how. The client's name is not used.</param>
    /// <returns>The device; the caller's.</returns>
    /// <exception cref="ArgumentException">The id is another host's, or there are no audio channels.</exception>
    /// <exception cref="AudioDeviceException"><see cref="AudioDeviceError.Unavailable"/>: the library is missing or does not start, or this process is on a JACK
    /// server other than the default one. <see cref="AudioDeviceError.NotFound"/>: there is no such device, or it is taken.
    /// <see cref="AudioDeviceError.RateRefused"/>: it does not run at that rate. <see cref="AudioDeviceError.Unknown"/>: anything else.</exception>
    public IAudioDevice Open(AudioDeviceRequest request)
    {
        RequestCheck.Of(request, Name);
        var session = PortAudioSession.Open();
        try
        {
            var entry = session.Devices().Find(device => device.Id == request.DeviceId)
                ?? throw new AudioDeviceException(AudioDeviceError.NotFound, $"PortAudio knows no device \"{request.DeviceId}\".");
            return PortAudioDevice.Open(session, entry, request, request.BlockFrames ?? DefaultBlock, _time);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
