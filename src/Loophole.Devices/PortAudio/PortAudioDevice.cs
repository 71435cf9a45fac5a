using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Loophole.Cluster.Devices;
using Loophole.Devices.Calls;
using static Loophole.Devices.PortAudio.PortAudioLibrary;

namespace Loophole.Devices.PortAudio;

/// <summary>A stream of PortAudio.</summary>
internal sealed class PortAudioDevice : AudioDevice
{
    /// <summary>Some host APIs say nothing when a device goes away: JACK's stream is simply not active any more.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(500);

    private readonly PortAudioSession _session;
    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly nint _stream;
    private readonly GCHandle<PortAudioDevice> _self;
    private ITimer? _look;
    private volatile bool _isDead;

    private PortAudioDevice(PortAudioSession session, PortAudioEntry entry, AudioDeviceFormat format, TimeProvider time, Func<PortAudioDevice, nint> open)
        : base(format)
    {
        _session = session;
        _name = entry.Name;
        _time = time;
        _self = new GCHandle<PortAudioDevice>(this);
        try
        {
            _stream = open(this);
        }
        catch
        {
            _self.Dispose();
            throw;
        }
    }

    /// <summary>Takes the session over when it returns.</summary>
    /// <exception cref="AudioDeviceException">The device refuses.</exception>
    public static PortAudioDevice Open(PortAudioSession session, PortAudioEntry entry, AudioDeviceRequest request, int blockFrames, TimeProvider time)
    {
        var rate = request.SampleRate ?? entry.SampleRate;
        var format = new AudioDeviceFormat(rate, blockFrames, request.InputChannels, request.OutputChannels, (int)(entry.OutputLatency * rate));
        return new PortAudioDevice(session, entry, format, time, device => OpenStream(device, entry));
    }

    protected override void Run()
    {
        int error;
        lock (PortAudioSession.Calls)
        {
            error = Pa_StartStream(_stream);
        }

        if (error != 0)
        {
            throw new AudioDeviceException(AudioDeviceError.Unknown, $"\"{_name}\" does not start: {Text(error)}.");
        }

        _look = _time.CreateTimer(static device => ((PortAudioDevice)device!).Look(), this, LookPeriod, LookPeriod);
    }

    protected override async ValueTask ReleaseAsync()
    {
        if (_look is { } look)
        {
            await look.DisposeAsync().ConfigureAwait(false);
        }

        await Task.Run(CloseStream).ConfigureAwait(false);
    }

    private static unsafe nint OpenStream(PortAudioDevice device, PortAudioEntry entry)
    {
        var format = device.Format;
        var input = new StreamParameters { Device = entry.Index, ChannelCount = format.InputChannels, SampleFormat = PlanarFloat, SuggestedLatency = entry.InputLatency };
        var output = new StreamParameters { Device = entry.Index, ChannelCount = format.OutputChannels, SampleFormat = PlanarFloat, SuggestedLatency = entry.OutputLatency };
        lock (PortAudioSession.Calls)
        {
            var error = Pa_OpenStream(
                out var stream,
                format.InputChannels == 0 ? null : &input,
                format.OutputChannels == 0 ? null : &output,
                format.SampleRate,
                (nuint)format.BlockFrames,
                0,
                &Process,
                GCHandle<PortAudioDevice>.ToIntPtr(device._self));
            if (error != 0)
            {
                throw Refusal(error, entry, format);
            }

            _ = Pa_SetStreamFinishedCallback(stream, &Finished);
            return stream;
        }
    }

    private static AudioDeviceException Refusal(int error, PortAudioEntry entry, AudioDeviceFormat format) => error switch
    {
        InvalidSampleRate => new AudioDeviceException(
            AudioDeviceError.RateRefused,
            $"\"{entry.Name}\" does not run at {format.SampleRate} Hz: ask for {entry.SampleRate} Hz, or set the device to {format.SampleRate} Hz where it is set."),
        InvalidChannelCount => new AudioDeviceException(
            AudioDeviceError.Unknown,
            $"\"{entry.Name}\" has {entry.InputChannels} input and {entry.OutputChannels} output channels; {format.InputChannels} and {format.OutputChannels} were asked for."),
        InvalidDevice or DeviceUnavailable => new AudioDeviceException(AudioDeviceError.NotFound, $"\"{entry.Name}\" cannot be opened, perhaps as another program has it: {Text(error)}."),
        _ => new AudioDeviceException(AudioDeviceError.Unknown, $"\"{entry.Name}\" cannot be opened: {Text(error)}."),
    };

    private static PortAudioDevice Device(nint argument) => GCHandle<PortAudioDevice>.FromIntPtr(argument).Target;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe int Process(float** input, float** output, nuint frames, void* time, nuint flags, nint argument)
    {
        Device(argument).OnProcess(input, output, (int)frames, flags);
        return Continue;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Finished(nint argument) => Device(argument).OnFinished();

    private unsafe void OnProcess(float** input, float** output, int frames, nuint flags)
    {
        if ((flags & (InputOverflow | OutputUnderflow)) != 0)
        {
            CountXrun();
        }

        for (var channel = 0; channel < Format.InputChannels; channel++)
        {
            if (input is null)
            {
                Input(channel).Clear();
            }
            else
            {
                new ReadOnlySpan<float>(input[channel], frames).CopyTo(Input(channel));
            }
        }

        var isMade = Call(frames);
        for (var channel = 0; channel < Format.OutputChannels; channel++)
        {
            var played = new Span<float>(output[channel], frames);
            if (isMade)
            {
                Output(channel)[..frames].CopyTo(played);
            }
            else
            {
                played.Clear();
            }
        }
    }

    private void OnFinished() => End(new AudioDeviceException(AudioDeviceError.Lost, $"\"{_name}\" is gone."));

    private void Look()
    {
        if (!IsClosed && Pa_IsStreamActive(_stream) != 1)
        {
            _isDead = true;
            OnFinished();
        }
    }

    private void CloseStream()
    {
        if (_isDead)
        {
            // Closing would wait ten minutes for the word of a JACK server that is gone. The stream, and PortAudio with it, stay until the process ends.
            _session.Abandon();
            return;
        }

        lock (PortAudioSession.Calls)
        {
            _ = Pa_AbortStream(_stream);
            _ = Pa_CloseStream(_stream);
        }

        _self.Dispose();
        _session.Dispose();
    }
}
