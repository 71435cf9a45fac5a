namespace Loophole.DawProject;

/// <summary>A file to go into a <c>.dawproject</c>: audio, or a plugin's state.</summary>
/// <param name="Path">Its path in the archive: relative, forward slashes, inside the archive.</param>
/// <param name="Open">Gives its bytes from the start; called once, the stream is disposed by the writer. [any]</param>
public sealed record DawProjectEntry(string Path, Func<Stream> Open)
{
    /// <summary>An entry with these bytes. [any]</summary>
    /// <param name="path">Its path in the archive.</param>
    /// <param name="bytes">The bytes; not to be changed until the project is written.</param>
    /// <returns>The entry.</returns>
    public static DawProjectEntry FromBytes(string path, byte[] bytes) => new(path, () => new MemoryStream(bytes, writable: false));

    /// <summary>An entry with the bytes of a file. [any]</summary>
    /// <param name="path">Its path in the archive.</param>
    /// <param name="file">The file, read when the project is written.</param>
    /// <returns>The entry.</returns>
    public static DawProjectEntry FromFile(string path, string file) =>
        new(path, () => new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, FileOptions.SequentialScan));
}
