using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Loophole.Devices.Jack.JackLibrary;

namespace Loophole.Devices.Jack;

/// <summary>Where JACK's threads enter. The argument is the device's handle, which lives until the client is closed.</summary>
internal static unsafe class JackCallbacks
{
    /// <summary>Before the client is activated.</summary>
    public static void Set(nint client, nint device)
    {
        _ = jack_set_process_callback(client, &Process, device);
        _ = jack_set_buffer_size_callback(client, &BufferSize, device);
        _ = jack_set_sample_rate_callback(client, &SampleRate, device);
        _ = jack_set_xrun_callback(client, &Xrun, device);
        jack_on_info_shutdown(client, &Shutdown, device);
    }

    private static JackDevice Device(nint argument) => GCHandle<JackDevice>.FromIntPtr(argument).Target;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Process(uint frames, nint argument) => Device(argument).OnProcess(frames) ? 0 : 1;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int BufferSize(uint frames, nint argument)
    {
        Device(argument).OnBlock(frames);
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SampleRate(uint rate, nint argument)
    {
        Device(argument).OnRate(rate);
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Xrun(nint argument)
    {
        Device(argument).OnXrun();
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Shutdown(uint code, nint reason, nint argument) => Device(argument).OnShutdown(Marshal.PtrToStringUTF8(reason));
}
