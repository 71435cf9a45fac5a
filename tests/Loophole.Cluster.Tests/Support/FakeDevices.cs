using System.Collections.Immutable;
using Loophole.Cluster.Audio;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Support;

/// <summary>One device that calls when the test says so.</summary>
internal sealed class FakeDevices : IAudioDeviceHost
{
    private readonly TaskCompletionSource<FakeDevice> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => "fake";

    public string? UnavailableReason => null;

    public AudioDeviceException? Refusal { get; set; }

    /// <summary>The device, once it was started.</summary>
    public Task<FakeDevice> Started => _started.Task;

    public ImmutableArray<AudioDeviceInfo> List() => [new AudioDeviceInfo("fake", "Fake", 2, 2, 48_000, 256)];

    public IAudioDevice Open(AudioDeviceRequest request) => Refusal is { } refusal
        ? throw refusal
        : new FakeDevice(new AudioDeviceFormat(request.SampleRate ?? 48_000, request.BlockFrames ?? 256, request.InputChannels, request.OutputChannels, 0, request.HearsNotes), _started);

    internal sealed class FakeDevice(AudioDeviceFormat format, TaskCompletionSource<FakeDevice> started) : IAudioDevice
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private IAudioCallback? _callback;

        /// <summary>What it was started with.</summary>
        public IAudioCallback Callback => _callback!;

        /// <summary>What it was given, interleaved.</summary>
        public List<float> Heard { get; } = [];

        public AudioDeviceFormat Format => format;

        public Task Ended => _ended.Task;

        public long Xruns => 3;

        public void Start(IAudioCallback callback)
        {
            _callback = callback;
            started.SetResult(this);
        }

        /// <summary>What the device hears: noise, with all that a device may give. Any that a recording would not give back as it is is no problem of whoever hears it.</summary>
        public static float Input(long frame, int channel) => (((frame * 31) + channel) % 97) switch
        {
            0 => -0f,
            1 => float.NaN,
            2 => float.NegativeInfinity,
            _ => ((((frame * 7919) + (channel * 104729)) % 1013) / 1013f) - 0.5f,
        };

        /// <summary>What the device hears on its MIDI input in a block: two messages in a hundred frames, now and then several at one, on three MIDI channels.</summary>
        public static MidiMessage[] Notes(long start, int frames) =>
        [
            .. Enumerable.Range(0, frames).SelectMany(frame => Enumerable.Repeat(frame, ((start + frame) * 7919 % 103) switch { 0 => 1, 1 => 2, _ => 0 }))
                .Select((frame, at) => new MidiMessage(frame, (byte)(0x80 + ((start + frame + at) % 2 * 16) + ((start + frame) % 3)), (byte)((start + frame) % 128), (byte)(at * 17 % 128))),
        ];

        public void Call(int calls)
        {
            for (var call = 0; call < calls; call++)
            {
                AudioBuffer input = default;
                if (format.InputChannels > 0)
                {
                    input = new AudioBuffer(new float[format.BlockFrames * format.InputChannels], format.InputChannels, format.BlockFrames, format.BlockFrames);
                    for (var channel = 0; channel < format.InputChannels; channel++)
                    {
                        for (var frame = 0; frame < format.BlockFrames; frame++)
                        {
                            input.Channel(channel)[frame] = Input((Heard.Count / format.OutputChannels) + frame, channel);
                        }
                    }
                }

                var block = new AudioBuffer(new float[format.BlockFrames * format.OutputChannels], format.OutputChannels, format.BlockFrames, format.BlockFrames);
                _callback!.Process(input, format.HearsNotes ? Notes(Heard.Count / format.OutputChannels, format.BlockFrames) : [], block);
                for (var frame = 0; frame < format.BlockFrames; frame++)
                {
                    for (var channel = 0; channel < format.OutputChannels; channel++)
                    {
                        Heard.Add(block.Channel(channel)[frame]);
                    }
                }
            }
        }

        /// <summary>How it ends when it is disposed, or <see langword="null"/> for normally.</summary>
        public AudioDeviceException? LastFailure { get; set; }

        public void Fail(AudioDeviceException cause) => _ended.SetException(cause);

        public ValueTask DisposeAsync()
        {
            if (LastFailure is { } failure)
            {
                _ended.TrySetException(failure);
            }

            _ended.TrySetResult();
            return default;
        }
    }
}
