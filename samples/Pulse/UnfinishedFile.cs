namespace Loophole.Pulse;

/// <summary>What stays beside an output when the process that wrote it was killed.</summary>
internal static class UnfinishedFile
{
    /// <summary>Deletes what nobody writes any more. Never throws: this is tidying after a failure that is told already.</summary>
    /// <param name="outputPath">The output, as a full path.</param>
    public static void Remove(string outputPath)
    {
        if (Path.GetDirectoryName(outputPath) is not { } folder)
        {
            return;
        }

        try
        {
            foreach (var file in Directory.EnumerateFiles(folder).Where(file => IsOf(outputPath, Path.GetFileName(file))))
            {
                // The writer holds its file exclusively: one that is still being written refuses.
                new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Hidden, named after the output, and harmless.
        }
    }

    /// <summary>Whether the name is one that a <see cref="Engine.WavWriter"/> gives to the file it writes aside.</summary>
    private static bool IsOf(string outputPath, string name) =>
        name.StartsWith($".{Path.GetFileName(outputPath)}.", StringComparison.Ordinal) && name.EndsWith(".part", StringComparison.Ordinal);
}
