namespace Loophole.Cluster.Devices;

/// <summary>A device cannot be opened, or has ended. <see cref="Error"/> says why.</summary>
/// <param name="error">The classified cause.</param>
/// <param name="message">A sentence for people: what is wrong, and what can be done.</param>
/// <param name="innerException">The cause, or <see langword="null"/>.</param>
public sealed class AudioDeviceException(AudioDeviceError error, string message, Exception? innerException = null)
    : IOException(message, innerException)
{
    /// <summary>The classified cause.</summary>
    public AudioDeviceError Error { get; } = error;
}
