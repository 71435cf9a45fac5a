using System.Runtime.InteropServices;
using Loophole.Cluster.Devices;
using static Loophole.Devices.Jack.JackLibrary;

namespace Loophole.Devices.Jack;

/// <summary>A client of a server, and its place among this process's clients.</summary>
internal sealed unsafe class JackClient : IDisposable
{
    /// <summary>The type of audio ports.</summary>
    public const string Audio = "32 bit float mono audio";

    /// <summary>The type of MIDI ports.</summary>
    public const string Midi = "8 bit raw midi";

    // Of jack_status_t.
    private const uint ServerFailed = 0x10;
    private const uint ServerError = 0x20;

    private readonly JackServerClaim _claim;
    private int _isDisposed;

    private JackClient(nint handle, string server, JackServerClaim claim)
    {
        Handle = handle;
        Server = server;
        _claim = claim;
    }

    public nint Handle { get; }

    /// <summary>The server's name.</summary>
    public string Server { get; }

    public int SampleRate => (int)jack_get_sample_rate(Handle);

    public int BlockFrames => (int)jack_get_buffer_size(Handle);

    /// <exception cref="AudioDeviceException">There is no such server, or it refuses.</exception>
    public static JackClient Open(string? server, string clientName)
    {
        var name = server ?? JackServerClaim.DefaultServer;
        var claim = JackServerClaim.Take(name);
        var handle = jack_client_open(clientName, NoStartServer | (server is null ? 0 : ServerName), out var status, server);
        if (handle != 0)
        {
            return new JackClient(handle, name, claim);
        }

        claim.Dispose();
        throw (status & (ServerFailed | ServerError)) != 0
            ? new AudioDeviceException(AudioDeviceError.NotFound, $"No JACK server \"{name}\" can be reached. Start it, for example with: jackd -n {name} -d alsa")
            : new AudioDeviceException(AudioDeviceError.Unknown, $"The JACK server \"{name}\" takes no client (status 0x{status:x}).");
    }

    /// <summary>The names of the ports that lead to hardware.</summary>
    /// <param name="direction"><see cref="PortIsInput"/> for playback, <see cref="PortIsOutput"/> for capture.</param>
    /// <param name="type"><see cref="Audio"/> or <see cref="Midi"/>.</param>
    public string[] PhysicalPorts(nuint direction, string type = Audio)
    {
        var names = jack_get_ports(Handle, null, type, PortIsPhysical | direction);
        if (names is null)
        {
            return [];
        }

        var ports = new List<string>();
        for (var name = names; *name != 0; name++)
        {
            ports.Add(Marshal.PtrToStringUTF8(*name)!);
        }

        jack_free(names);
        return [.. ports];
    }

    /// <summary>Frames from a port to the plug, at the most.</summary>
    public int OutputLatencyFrames(string port)
    {
        var name = Marshal.StringToCoTaskMemUTF8(port);
        try
        {
            var found = jack_port_by_name(Handle, name);
            if (found == 0)
            {
                return 0;
            }

            jack_port_get_latency_range(found, PlaybackLatency, out var range);
            return (int)range.Most;
        }
        finally
        {
            Marshal.FreeCoTaskMem(name);
        }
    }

    /// <exception cref="AudioDeviceException">The server has no port left.</exception>
    public nint AddPort(string name, nuint direction, string type = Audio)
    {
        var port = jack_port_register(Handle, name, type, direction, 0);
        return port != 0 ? port : throw new AudioDeviceException(AudioDeviceError.Unknown, $"The JACK server \"{Server}\" gives no port \"{name}\"; it may have reached its limit (jackd --port-max).");
    }

    /// <summary>Joins an own port and another one, in the direction that the own port has.</summary>
    /// <exception cref="AudioDeviceException">The server refuses.</exception>
    public void Connect(nint own, string other, bool isOutput)
    {
        var ownName = jack_port_name(own);
        var otherName = Marshal.StringToCoTaskMemUTF8(other);
        var refusal = isOutput ? jack_connect(Handle, ownName, otherName) : jack_connect(Handle, otherName, ownName);
        Marshal.FreeCoTaskMem(otherName);
        if (refusal != 0)
        {
            throw new AudioDeviceException(AudioDeviceError.Unknown, $"The JACK server \"{Server}\" does not connect {Marshal.PtrToStringUTF8(ownName)} with {other} (error {refusal}).");
        }
    }

    /// <summary>Waits until the thread that calls has ended, after a callback has returned an error; the library forgets to.</summary>
    public void JoinThread() => _ = pthread_join(jack_client_thread_id(Handle), 0);

    /// <summary>Closes. No callback is under way afterwards, and none follows.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _ = jack_client_close(Handle);
            _claim.Dispose();
        }
    }
}
