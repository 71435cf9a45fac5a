using Loophole.Devices.Calls;
using Loophole.Devices.Jack;

namespace Loophole.Devices.Tests;

/// <summary>What hosts say before anything is opened.</summary>
public sealed class HostTests
{
    public static TheoryData<IAudioDeviceHost> Hosts => [new JackAudioHost(), new PortAudioHost(), new NullAudioHost(), new WavAudioHost(new WavFiles(), new WavFiles())];

    [Fact]
    public void A_missing_library_is_named_with_its_package()
    {
        var reason = NativeCheck.Missing("libnobody-has-this.so.9", "some-package");
        Assert.Contains("libnobody-has-this.so.9", reason, StringComparison.Ordinal);
        Assert.Contains("some-package", reason, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Hosts))]
    public void Another_hosts_device_is_refused(IAudioDeviceHost host) =>
        Assert.Throws<ArgumentException>(() => host.Open(new AudioDeviceRequest { DeviceId = $"{host.Name}x:something" }));

    [Theory, MemberData(nameof(Hosts))]
    public void A_device_without_channels_is_refused(IAudioDeviceHost host) =>
        Assert.Throws<ArgumentException>(() => host.Open(new AudioDeviceRequest { DeviceId = host.Name, OutputChannels = 0 }));

    [Fact]
    public void A_request_is_checked_where_it_is_made()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AudioDeviceRequest { DeviceId = "null", SampleRate = 7_999 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AudioDeviceRequest { DeviceId = "null", BlockFrames = 15 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AudioDeviceRequest { DeviceId = "null", InputChannels = 65 });
        Assert.Throws<ArgumentException>(() => new AudioDeviceRequest { DeviceId = "null", ClientName = "a:b" });
        Assert.Throws<ArgumentException>(() => new AudioDeviceRequest { DeviceId = "" });
    }

    [Fact]
    public void The_default_server_of_jack_is_the_one_without_a_name()
    {
        Assert.Null(JackServerName.Of(new AudioDeviceRequest { DeviceId = "jack" }));
        Assert.Equal("studio", JackServerName.Of(new AudioDeviceRequest { DeviceId = "jack:studio" }));
        Assert.Equal(("jack", "jack:studio"), (JackServerName.Device(null), JackServerName.Device("studio")));
    }
}
