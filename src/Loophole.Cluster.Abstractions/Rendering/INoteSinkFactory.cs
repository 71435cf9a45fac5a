namespace Loophole.Cluster.Rendering;

/// <summary>Makes sinks for notes. Safe for concurrent use.</summary>
public interface INoteSinkFactory
{
    /// <summary>Opens a sink. [any]</summary>
    /// <param name="path">The file to write; an existing one is replaced when the sink completes, not before.</param>
    /// <param name="sampleRate">Frames per second.</param>
    /// <returns>The sink; the caller disposes it.</returns>
    /// <exception cref="IOException">The file cannot be written; the message names it.</exception>
    INoteSink Create(string path, int sampleRate);
}
