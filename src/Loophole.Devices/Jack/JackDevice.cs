using System.Runtime.InteropServices;
using Loophole.Cluster.Devices;
using Loophole.Devices.Calls;
using static Loophole.Devices.Jack.JackLibrary;

namespace Loophole.Devices.Jack;

/// <summary>A client of a JACK server with ports that are connected to the hardware's when it starts.</summary>
/// <remarks>JACK's library cancels a client's thread that still runs when the client is closed, wherever that thread is. One that is in managed code, or
/// waits at its edge for the collector, must not be cancelled: the process ends by it, or stands still at the next collection. So the thread leaves by
/// itself first, as a callback does that returns an error.</remarks>
internal sealed class JackDevice : AudioDevice
{
    /// <summary>How long a server may take to let a client go; one that is well calls it every block.</summary>
    private static readonly TimeSpan CloseDeadline = TimeSpan.FromSeconds(5);

    private readonly JackClient _client;
    private readonly nint[] _inputs;
    private readonly nint[] _outputs;
    private readonly JackNotes? _notes;
    private readonly GCHandle<JackDevice> _self;
    private readonly NativeCount _xruns = new();
    private readonly NativeCount _gone = new();

    // Whether the audio thread ends by itself; not so when its server is gone, which calls nobody any more.
    private readonly TaskCompletionSource<bool> _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isRunning;
    private bool _isLeaving;

    private JackDevice(JackClient client, AudioDeviceFormat format, nint[] inputs, nint[] outputs, JackNotes? notes)
        : base(format)
    {
        _client = client;
        _inputs = inputs;
        _outputs = outputs;
        _notes = notes;
        _self = new GCHandle<JackDevice>(this);
        IsRealTime = jack_is_realtime(client.Handle) != 0;
        new Thread(Watch) { IsBackground = true, Name = "jack watch" }.Start();
    }

    /// <summary>Takes the client over, also when it throws.</summary>
    /// <exception cref="AudioDeviceException">The server runs otherwise, or refuses.</exception>
    public static JackDevice Open(JackClient client, AudioDeviceRequest request)
    {
        try
        {
            var format = Agree(client, request);
            var device = new JackDevice(client, format, Ports(client, "in", format.InputChannels, PortIsInput), Ports(client, "out", format.OutputChannels, PortIsOutput), format.HearsNotes ? new JackNotes(client.AddPort("midi_in", PortIsInput, JackClient.Midi)) : null);
            JackCallbacks.Set(client.Handle, GCHandle<JackDevice>.ToIntPtr(device._self), device._xruns, device._gone);
            return device;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public override bool IsRealTime { get; }

    public override long Xruns => _xruns.Value;

    /// <summary>One block. [audio thread]</summary>
    /// <returns>Whether there is a next one. If not, the library ends this thread when it has returned.</returns>
    public bool OnProcess(uint frames)
    {
        var isStaying = !Volatile.Read(ref _isLeaving);
        var isOurs = IsAsOpened(frames, _client.SampleRate);
        if (isOurs)
        {
            for (var channel = 0; channel < _inputs.Length; channel++)
            {
                Port(_inputs[channel], frames).CopyTo(Input(channel));
            }
        }

        var isMade = isOurs && Call((int)frames, _notes is null ? default : _notes.Read(frames));
        for (var channel = 0; channel < _outputs.Length; channel++)
        {
            var port = Port(_outputs[channel], frames);
            if (isMade && !port.IsEmpty)
            {
                Output(channel).CopyTo(port);
            }
            else
            {
                port.Clear();
            }
        }

        if (!isStaying)
        {
            _left.TrySetResult(true);
        }

        return isStaying;
    }

    /// <summary>Whether the server is still as it was when the device was opened; ends the device otherwise. [audio thread]</summary>
    public bool IsAsOpened(uint frames, int rate)
    {
        if (frames == (uint)Format.BlockFrames && rate == Format.SampleRate)
        {
            return true;
        }

        if (!IsClosed)
        {
            End(rate == Format.SampleRate
                ? new AudioDeviceException(AudioDeviceError.BlockChanged, $"The JACK server \"{_client.Server}\" went from {Format.BlockFrames} to {frames} frames per block. Open the device anew.")
                : new AudioDeviceException(AudioDeviceError.RateChanged, $"The JACK server \"{_client.Server}\" went from {Format.SampleRate} to {rate} Hz. Open the device anew."));
        }

        return false;
    }

    protected override void Run()
    {
        _isRunning = true;
        if (jack_activate(_client.Handle) is not 0 and var refusal)
        {
            _isRunning = false;
            throw new AudioDeviceException(AudioDeviceError.Unknown, $"The JACK server \"{_client.Server}\" does not start the client (error {refusal}).");
        }

        Connect(_outputs, PortIsInput, isOutput: true);
        Connect(_inputs, PortIsOutput, isOutput: false);
        foreach (var physical in _notes is null ? [] : _client.PhysicalPorts(PortIsOutput, JackClient.Midi))
        {
            _client.Connect(_notes!.Port, physical, isOutput: false);
        }
    }

    protected override async ValueTask ReleaseAsync()
    {
        try
        {
            await CloseAsync().WaitAsync(CloseDeadline, TimeProvider.System).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new AudioDeviceException(
                AudioDeviceError.Lost,
                $"The JACK server \"{_client.Server}\" has not let its client go for {CloseDeadline.TotalSeconds:0} s: it stands still. The client is closed when it goes on, or is ended.");
        }
    }

    /// <summary>Waits for the server's end, or the device's.</summary>
    private void Watch()
    {
        _gone.Wait();
        End(new AudioDeviceException(AudioDeviceError.Lost, $"The JACK server \"{_client.Server}\" is gone."));
        _left.TrySetResult(false);
    }

    private async Task CloseAsync()
    {
        if (_isRunning)
        {
            Volatile.Write(ref _isLeaving, true);
            if (await _left.Task.ConfigureAwait(false))
            {
                await Task.Run(_client.JoinThread).ConfigureAwait(false);
            }
        }

        // Waits for the server's answer; which does not come from one that is gone.
        await Task.Run(_client.Dispose).ConfigureAwait(false);
        _self.Dispose();
        _gone.Raise();
    }

    private static AudioDeviceFormat Agree(JackClient client, AudioDeviceRequest request)
    {
        if (request.SampleRate is { } rate && rate != client.SampleRate)
        {
            throw new AudioDeviceException(
                AudioDeviceError.RateRefused,
                $"The JACK server \"{client.Server}\" runs at {client.SampleRate} Hz, and {rate} Hz were asked for: ask for {client.SampleRate} Hz, or start the server with -r {rate}.");
        }

        if (request.BlockFrames is { } frames && frames != client.BlockFrames)
        {
            throw new AudioDeviceException(
                AudioDeviceError.BlockRefused,
                $"The JACK server \"{client.Server}\" has {client.BlockFrames} frames per block, and {frames} were asked for: ask for none, or change the server's for all its clients with jack_bufsize {frames}.");
        }

        var playback = client.PhysicalPorts(PortIsInput);
        return new AudioDeviceFormat(
            client.SampleRate,
            client.BlockFrames,
            request.InputChannels,
            request.OutputChannels,
            playback.Length == 0 ? 0 : client.OutputLatencyFrames(playback[0]),
            request.HearsNotes);
    }

    /// <summary>A port's samples of this block; none once the server has taken them back.</summary>
    private static unsafe Span<float> Port(nint port, uint frames) =>
        jack_port_get_buffer(port, frames) is var samples && samples is null ? default : new Span<float>(samples, (int)frames);

    private static nint[] Ports(JackClient client, string name, int count, nuint direction) =>
        [.. Enumerable.Range(1, count).Select(number => client.AddPort($"{name}_{number}", direction))];

    private void Connect(nint[] own, nuint direction, bool isOutput)
    {
        foreach (var (port, physical) in own.Zip(_client.PhysicalPorts(direction)))
        {
            _client.Connect(port, physical, isOutput);
        }
    }
}
