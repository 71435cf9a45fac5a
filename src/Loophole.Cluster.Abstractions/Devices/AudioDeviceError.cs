namespace Loophole.Cluster.Devices;

/// <summary>Why a device cannot be opened, or has ended. Every host maps its own errors onto these.</summary>
public enum AudioDeviceError
{
    /// <summary>Something else; see the inner exception, which is the callback's own when that threw.</summary>
    Unknown = 0,

    /// <summary>The host cannot be used: its library or its server is missing.</summary>
    Unavailable = 1,

    /// <summary>There is no such device.</summary>
    NotFound = 2,

    /// <summary>The device does not run at the sample rate asked for.</summary>
    RateRefused = 3,

    /// <summary>The device does not run with the block size asked for.</summary>
    BlockRefused = 4,

    /// <summary>The device went away: unplugged, or its server ended.</summary>
    Lost = 5,

    /// <summary>Somebody else changed the sample rate while the device was open.</summary>
    RateChanged = 6,

    /// <summary>Somebody else changed the block size while the device was open.</summary>
    BlockChanged = 7,
}
