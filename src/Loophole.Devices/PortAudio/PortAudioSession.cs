using System.Runtime.InteropServices;
using Loophole.Cluster.Devices;
using Loophole.Devices.Jack;
using static Loophole.Devices.PortAudio.PortAudioLibrary;

namespace Loophole.Devices.PortAudio;

/// <summary>PortAudio while somebody uses it. It looks for devices when the first comes, and knows no later ones until the last has gone.</summary>
/// <remarks>With a default JACK server running, PortAudio is a client of it all that time, so a session counts as one.</remarks>
internal sealed unsafe class PortAudioSession : IDisposable
{
    private static readonly Lock Gate = new();

    private readonly JackServerClaim _claim;
    private int _isDisposed;

    private PortAudioSession(JackServerClaim claim) => _claim = claim;

    /// <summary>Calls that open, close and look, one at a time: PortAudio is not thread-safe.</summary>
    public static Lock Calls => Gate;

    /// <exception cref="AudioDeviceException">It cannot be used.</exception>
    public static PortAudioSession Open()
    {
        if (Missing() is { } missing)
        {
            throw new AudioDeviceException(AudioDeviceError.Unavailable, missing);
        }

        var claim = JackServerClaim.Take(JackServerClaim.DefaultServer);
        int error;
        lock (Gate)
        {
            error = Pa_Initialize();
        }

        if (error == 0)
        {
            return new PortAudioSession(claim);
        }

        claim.Dispose();
        throw new AudioDeviceException(AudioDeviceError.Unavailable, $"PortAudio does not start: {Text(error)}.");
    }

    /// <summary>Every device, in PortAudio's order. Two of a name in one host API are told apart by a number.</summary>
    public List<PortAudioEntry> Devices()
    {
        lock (Gate)
        {
            var entries = new List<PortAudioEntry>();
            for (var index = 0; index < Pa_GetDeviceCount(); index++)
            {
                var device = Pa_GetDeviceInfo(index);
                var api = Marshal.PtrToStringUTF8(Pa_GetHostApiInfo(device->HostApi)->Name)!;
                var name = Marshal.PtrToStringUTF8(device->Name)!;
                var id = $"{PortAudioHost.HostName}:{api}/{name}";
                var twins = entries.Count(entry => entry.Id == id || entry.Id.StartsWith($"{id}#", StringComparison.Ordinal));
                entries.Add(new PortAudioEntry(
                    index,
                    twins == 0 ? id : $"{id}#{twins + 1}",
                    $"{name} ({api})",
                    device->MaxInputChannels,
                    device->MaxOutputChannels,
                    (int)device->DefaultSampleRate,
                    device->LowInputLatency,
                    device->LowOutputLatency));
            }

            return entries;
        }
    }

    /// <summary>Leaves PortAudio as it is, with a stream that cannot be closed.</summary>
    public void Abandon()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _claim.Dispose();
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            lock (Gate)
            {
                _ = Pa_Terminate();
            }

            _claim.Dispose();
        }
    }
}
