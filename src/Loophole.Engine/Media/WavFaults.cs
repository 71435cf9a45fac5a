using Loophole.Cluster.Media;

namespace Loophole.Engine.Media;

/// <summary>Makes the exceptions of WAV reading, so that each names the file and then the field.</summary>
/// <param name="name">What the file is called in messages.</param>
internal sealed class WavFaults(string name)
{
    /// <summary>The bytes contradict themselves.</summary>
    public MediaException Corrupt(string what) => new(MediaError.Corrupt, $"{name}: {what}.");

    /// <summary>The bytes are fine, but not something that is read here.</summary>
    public MediaException Unsupported(string what) => new(MediaError.Unsupported, $"{name}: {what}.");
}
