namespace Loophole.Cluster.Rendering;

/// <summary>Takes the output of an offline render. Disposing without <see cref="Complete"/> leaves nothing behind. One caller at a time.</summary>
public interface IRenderSink : IDisposable
{
    /// <summary>Takes the next frames. May wait for the disk; never called on an audio thread. [sink thread]</summary>
    /// <param name="samples">Interleaved; a whole number of frames; the caller's.</param>
    /// <exception cref="IOException">The samples cannot be stored; the message names the file.</exception>
    void Write(ReadOnlySpan<float> samples);

    /// <summary>Makes the result visible under its final name. Called once, after the last <see cref="Write"/>. [sink thread]</summary>
    /// <returns>The SHA-256 of the sample data as stored, 64 lower-case hexadecimal digits.</returns>
    /// <exception cref="IOException">The result cannot be stored; nothing is left behind after disposal.</exception>
    string Complete();
}
