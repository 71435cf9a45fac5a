using System.Collections.Immutable;
using Loophole.Cluster.Devices;

namespace Loophole.Bench.Playback;

/// <summary>The devices of a host, with a meter between each device and what it calls.</summary>
internal sealed class MeteredDevices(IAudioDeviceHost inner, bool marksCalls) : IAudioDeviceHost
{
    private readonly TaskCompletionSource<CallMeter> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => inner.Name;

    public string? UnavailableReason => inner.UnavailableReason;

    /// <summary>The meter of the one device that is opened, once it was started.</summary>
    public Task<CallMeter> Started => _started.Task;

    public ImmutableArray<AudioDeviceInfo> List() => inner.List();

    public IAudioDevice Open(AudioDeviceRequest request) => new Device(inner.Open(request), this, marksCalls);

    private sealed class Device(IAudioDevice device, MeteredDevices owner, bool marksCalls) : IAudioDevice
    {
        public AudioDeviceFormat Format => device.Format;

        public Task Ended => device.Ended;

        public bool IsRealTime => device.IsRealTime;

        public long Xruns => device.Xruns;

        public void Start(IAudioCallback callback)
        {
            var meter = new CallMeter(callback, marksCalls);
            device.Start(meter);
            owner._started.TrySetResult(meter);
        }

        public ValueTask DisposeAsync() => device.DisposeAsync();
    }
}
