using Loophole.Cluster.Devices;
using Loophole.Devices.Calls;

namespace Loophole.Devices.Null;

/// <summary>A device that has nothing but its clock.</summary>
internal sealed class NullDevice(AudioDeviceFormat format, TimeProvider time) : ClockedDevice(format, time, "audio null");
