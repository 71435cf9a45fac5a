using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Loophole.Devices.Jack.JackLibrary;

namespace Loophole.Devices.Jack;

/// <summary>Where JACK's threads enter. Only the audio thread does, which leaves by itself before it could be cancelled; what the others tell is counted in C.</summary>
internal static unsafe class JackCallbacks
{
    /// <summary>Before the client is activated.</summary>
    /// <param name="client">The client.</param>
    /// <param name="device">The device's handle, which lives until the client is closed.</param>
    /// <param name="xruns">Raised when the server lost time.</param>
    /// <param name="gone">Raised when the server is gone, or has thrown this client out.</param>
    public static void Set(nint client, nint device, NativeCount xruns, NativeCount gone)
    {
        _ = jack_set_process_callback(client, &Process, device);
        _ = jack_set_xrun_callback(client, NativeCount.Function, xruns.Argument);
        // It answers a number, which nobody looks at.
        jack_on_shutdown(client, NativeCount.Function, gone.Argument);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Process(uint frames, nint argument) => GCHandle<JackDevice>.FromIntPtr(argument).Target.OnProcess(frames) ? 0 : 1;
}
