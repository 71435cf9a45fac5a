using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Loophole.Devices.Calls;

namespace Loophole.Devices.PortAudio;

/// <summary>What is used of PortAudio; names and numbers are those of <c>portaudio.h</c>, version 19.</summary>
internal static unsafe partial class PortAudioLibrary
{
    public const int InvalidChannelCount = -9998;
    public const int InvalidSampleRate = -9997;
    public const int InvalidDevice = -9996;
    public const int DeviceUnavailable = -9985;

    /// <summary>32-bit float, a run for each channel.</summary>
    public const nuint PlanarFloat = 0x80000001;

    public const nuint InputOverflow = 0x2;
    public const nuint OutputUnderflow = 0x4;
    public const int Continue = 0;

    private const string Library = "libportaudio.so.2";
    private const string Alsa = "libasound.so.2";
    private static readonly Lock Gate = new();
    private static bool _isQuiet;

    /// <summary>What is missing; <see langword="null"/> when PortAudio can be called. Before any other call here.</summary>
    public static string? Missing()
    {
        if (NativeCheck.Missing(Library, "libportaudio2") is { } missing)
        {
            return missing;
        }

        lock (Gate)
        {
            if (!_isQuiet)
            {
                // What PortAudio asks of them, they answer on standard error.
                _ = Jack.JackLibrary.Missing();
                if (NativeCheck.Missing(Alsa, "libasound2") is null)
                {
                    _ = snd_lib_error_set_handler(&Ignore);
                }

                _isQuiet = true;
            }
        }

        return null;
    }

    public static string Text(int error) => Marshal.PtrToStringUTF8(Pa_GetErrorText(error)) ?? $"error {error}";

    [LibraryImport(Library)]
    public static partial int Pa_Initialize();

    [LibraryImport(Library)]
    public static partial int Pa_Terminate();

    [LibraryImport(Library)]
    public static partial int Pa_GetDeviceCount();

    [LibraryImport(Library)]
    public static partial DeviceInfo* Pa_GetDeviceInfo(int device);

    [LibraryImport(Library)]
    public static partial HostApiInfo* Pa_GetHostApiInfo(int hostApi);

    [LibraryImport(Library)]
    public static partial int Pa_OpenStream(
        out nint stream,
        StreamParameters* input,
        StreamParameters* output,
        double sampleRate,
        nuint framesPerBuffer,
        nuint flags,
        delegate* unmanaged[Cdecl]<float**, float**, nuint, void*, nuint, nint, int> callback,
        nint argument);

    [LibraryImport(Library)]
    public static partial int Pa_SetStreamFinishedCallback(nint stream, delegate* unmanaged[Cdecl]<nint, void> callback);

    [LibraryImport(Library)]
    public static partial StreamInfo* Pa_GetStreamInfo(nint stream);

    [LibraryImport(Library)]
    public static partial int Pa_StartStream(nint stream);

    [LibraryImport(Library)]
    public static partial int Pa_AbortStream(nint stream);

    [LibraryImport(Library)]
    public static partial int Pa_IsStreamActive(nint stream);

    [LibraryImport(Library)]
    public static partial int Pa_CloseStream(nint stream);

    [LibraryImport(Library)]
    private static partial nint Pa_GetErrorText(int error);

    [LibraryImport(Alsa)]
    private static partial int snd_lib_error_set_handler(delegate* unmanaged[Cdecl]<nint, int, nint, int, nint, void> handler);

    // Variadic in C; the caller clears its arguments away.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore(nint file, int line, nint function, int error, nint format)
    {
    }

    public readonly struct DeviceInfo
    {
        public readonly int StructVersion;
        public readonly nint Name;
        public readonly int HostApi;
        public readonly int MaxInputChannels;
        public readonly int MaxOutputChannels;
        public readonly double LowInputLatency;
        public readonly double LowOutputLatency;
        public readonly double HighInputLatency;
        public readonly double HighOutputLatency;
        public readonly double DefaultSampleRate;
    }

    public readonly struct HostApiInfo
    {
        public readonly int StructVersion;
        public readonly int Type;
        public readonly nint Name;
        public readonly int DeviceCount;
        public readonly int DefaultInputDevice;
        public readonly int DefaultOutputDevice;
    }

    public readonly struct StreamInfo
    {
        public readonly int StructVersion;
        public readonly double InputLatency;
        public readonly double OutputLatency;
        public readonly double SampleRate;
    }

    public struct StreamParameters
    {
        public int Device;
        public int ChannelCount;
        public nuint SampleFormat;
        public double SuggestedLatency;
        public nint HostApiSpecific;
    }
}
