using System.Collections.Immutable;
using Loophole.Cluster.Devices;
using Loophole.Devices.Calls;
using Loophole.Devices.Jack;

namespace Loophole.Devices;

/// <summary>Devices of JACK: its running servers. Needs <c>libjack.so.0</c>; never starts a server.</summary>
/// <remarks>
/// <para><b>Devices.</b> <c>jack</c> is the default server, which is that of <c>JACK_DEFAULT_SERVER</c> where it is set; <c>jack:NAME</c> is the server of that
/// name. A server has one rate and one block size for all its clients: a request for others is refused, and a later change of the block size ends the
/// device.</para>
/// <para><b>Ports.</b> A device is a client with ports <c>in_1</c>… and <c>out_1</c>…, connected in order to the hardware's when it starts, as far as that has
/// ports. One that hears notes has a port <c>midi_in</c>, too, connected with all MIDI hardware; of more than 1,024 messages in a block the rest is left out. Other programs may connect them otherwise at any time.</para>
/// <para><b>One server.</b> JACK's library is on one server at a time. A second one is refused, and not listed, while a device of the first is open
/// in this process.</para>
/// <para><b>Output.</b> The library's messages are dropped, for the whole process.</para>
/// </remarks>
public sealed class JackAudioHost : IAudioDeviceHost
{
    private const string Lister = "loophole-list";

    /// <summary><c>jack</c>. [any]</summary>
    public string Name => JackServerName.Host;

    /// <summary>The library is missing, or no server runs. [any but audio]</summary>
    public string? UnavailableReason => JackLibrary.Missing()
        ?? (List().IsEmpty ? "No JACK server runs. Start one, for example with: jackd -d alsa" : null);

    /// <summary>The servers that answer. [any but audio]</summary>
    /// <returns>The default one first, then by name.</returns>
    public ImmutableArray<AudioDeviceInfo> List() => JackLibrary.Missing() is null
        ? [.. JackServerName.Found().Prepend(null).Select(Ask).OfType<AudioDeviceInfo>()]
        : [];

    /// <summary>Becomes a client of a server. [any but audio]</summary>
    /// <param name="request">The server, and how.</param>
    /// <returns>The device; the caller's.</returns>
    /// <exception cref="ArgumentException">The id is another host's, or there are no audio channels.</exception>
    /// <exception cref="AudioDeviceException"><see cref="AudioDeviceError.Unavailable"/>: the library is missing, or this process is on another server.
    /// <see cref="AudioDeviceError.NotFound"/>: no such server runs. <see cref="AudioDeviceError.RateRefused"/>,
    /// <see cref="AudioDeviceError.BlockRefused"/>: it runs otherwise. <see cref="AudioDeviceError.Unknown"/>: anything else.</exception>
    public IAudioDevice Open(AudioDeviceRequest request)
    {
        RequestCheck.Of(request, Name);
        return JackLibrary.Missing() is { } missing
            ? throw new AudioDeviceException(AudioDeviceError.Unavailable, missing)
            : JackDevice.Open(JackClient.Open(JackServerName.Of(request), request.ClientName), request);
    }

    private static AudioDeviceInfo? Ask(string? server)
    {
        try
        {
            using var client = JackClient.Open(server, Lister);
            return new AudioDeviceInfo(
                JackServerName.Device(server),
                $"JACK server \"{client.Server}\"",
                client.PhysicalPorts(JackLibrary.PortIsOutput).Length,
                client.PhysicalPorts(JackLibrary.PortIsInput).Length,
                client.SampleRate,
                client.BlockFrames);
        }
        catch (AudioDeviceException)
        {
            // Not running any more, or not for this process now.
            return null;
        }
    }
}
