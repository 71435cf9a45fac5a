using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Loophole.Devices.Calls;

namespace Loophole.Devices.Jack;

/// <summary>What is used of JACK's client library; names and numbers are those of <c>jack/jack.h</c> and <c>jack/types.h</c>.</summary>
internal static unsafe partial class JackLibrary
{
    public const uint NoStartServer = 0x01;
    public const uint ServerName = 0x04;
    public const nuint PortIsInput = 0x1;
    public const nuint PortIsOutput = 0x2;
    public const nuint PortIsPhysical = 0x4;
    public const uint PlaybackLatency = 1;

    private const string Library = "libjack.so.0";
    private const string Package = "libjack-jackd2-0 (or jackd2, which brings the server, too)";
    private static readonly Lock Gate = new();
    private static bool _isQuiet;

    /// <summary>What is missing; <see langword="null"/> when JACK can be called. Before any other call here.</summary>
    public static string? Missing()
    {
        if (NativeCheck.Missing(Library, Package) is { } missing)
        {
            return missing;
        }

        lock (Gate)
        {
            if (!_isQuiet)
            {
                // Otherwise the library prints on standard output and standard error, which are the program's own.
                jack_set_error_function(&Ignore);
                jack_set_info_function(&Ignore);
                _isQuiet = true;
            }
        }

        return null;
    }

    // The last argument is variadic in C. It goes where a fixed one goes on every Linux that .NET runs on.
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint jack_client_open(string clientName, uint options, out uint status, string? serverName);

    [LibraryImport(Library)]
    public static partial int jack_client_close(nint client);

    [LibraryImport(Library)]
    public static partial nint jack_get_client_name(nint client);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial uint jack_get_sample_rate(nint client);

    [LibraryImport(Library)]
    public static partial uint jack_get_buffer_size(nint client);

    [LibraryImport(Library)]
    public static partial int jack_is_realtime(nint client);

    [LibraryImport(Library)]
    public static partial int jack_activate(nint client);

    [LibraryImport(Library)]
    public static partial nuint jack_client_thread_id(nint client);

    [LibraryImport("libc")]
    public static partial int pthread_join(nuint thread, nint result);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint jack_port_register(nint client, string name, string type, nuint flags, nuint bufferSize);

    [LibraryImport(Library)]
    public static partial nint jack_port_name(nint port);

    [LibraryImport(Library)]
    public static partial nint jack_port_by_name(nint client, nint name);

    [LibraryImport(Library)]
    public static partial void jack_port_get_latency_range(nint port, uint mode, out LatencyRange range);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial float* jack_port_get_buffer(nint port, uint frames);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial uint jack_midi_get_event_count(void* portBuffer);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int jack_midi_event_get(out MidiEvent midiEvent, void* portBuffer, uint index);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint* jack_get_ports(nint client, string? namePattern, string? typePattern, nuint flags);

    [LibraryImport(Library)]
    public static partial int jack_connect(nint client, nint source, nint destination);

    [LibraryImport(Library)]
    public static partial void jack_free(void* memory);

    [LibraryImport(Library)]
    public static partial int jack_set_process_callback(nint client, delegate* unmanaged[Cdecl]<uint, nint, int> callback, nint argument);

    [LibraryImport(Library)]
    public static partial int jack_set_xrun_callback(nint client, delegate* unmanaged[Cdecl]<nint, int> callback, nint argument);

    [LibraryImport(Library)]
    public static partial void jack_on_shutdown(nint client, delegate* unmanaged[Cdecl]<nint, int> callback, nint argument);

    [LibraryImport(Library)]
    private static partial void jack_set_error_function(delegate* unmanaged[Cdecl]<nint, void> function);

    [LibraryImport(Library)]
    private static partial void jack_set_info_function(delegate* unmanaged[Cdecl]<nint, void> function);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore(nint message)
    {
    }

    /// <summary>A message of a MIDI port; the bytes are the port's during the call.</summary>
    public readonly struct MidiEvent
    {
        public readonly uint Time;
        public readonly nuint Size;
        public readonly byte* Bytes;
    }

    public readonly struct LatencyRange
    {
        public readonly uint Least;
        public readonly uint Most;
    }
}
