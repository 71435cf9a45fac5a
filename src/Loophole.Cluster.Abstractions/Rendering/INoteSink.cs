using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Rendering;

/// <summary>Takes what was played on keys. Disposing without <see cref="Complete"/> leaves nothing behind. One caller at a time.</summary>
public interface INoteSink : IDisposable
{
    /// <summary>Takes a message. May wait for the disk; never called on an audio thread. [sink thread]</summary>
    /// <param name="message">At its render frame, which is not before that of the one before.</param>
    /// <exception cref="IOException">It cannot be stored; the message names the file.</exception>
    void Write(in MidiMessage message);

    /// <summary>Makes the result visible under its final name. Called once, after the last <see cref="Write"/>. [sink thread]</summary>
    /// <exception cref="IOException">The result cannot be stored; nothing is left behind after disposal.</exception>
    void Complete();
}
