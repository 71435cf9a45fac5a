using Loophole.Cluster.Audio;

namespace Loophole.Cluster.Media;

/// <summary>The samples of one audio file, open for reading. Disposing closes it. One caller at a time.</summary>
public interface ISampleSource : IDisposable
{
    /// <summary>What the file's header says. The same for its whole life. [any]</summary>
    MediaInfo Info { get; }

    /// <summary>Decodes frames. May wait for the disk; never called on an audio thread. [source thread]</summary>
    /// <param name="startFrame">The first one, 0 or more.</param>
    /// <param name="destination">As many audio channels as the file has; all of its frames lie inside the file. The caller's.</param>
    /// <exception cref="ArgumentException">The destination has other channels, or reaches beyond the file.</exception>
    /// <exception cref="MediaException">The file cannot be read, or is shorter than it was; the message names it.</exception>
    void Read(long startFrame, AudioBuffer destination);
}
