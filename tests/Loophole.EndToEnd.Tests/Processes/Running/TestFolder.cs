namespace Loophole.EndToEnd.Tests.Processes.Running;

/// <summary>A folder for one test or fixture; processes started with <see cref="Environment"/> keep media and temporary files in it, too.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("loophole-processes-");

    public TestFolder()
    {
        _folder.CreateSubdirectory("data");
        _folder.CreateSubdirectory("temporary");
        _folder.CreateSubdirectory("output");
        Environment = new Dictionary<string, string> { ["XDG_DATA_HOME"] = At("data"), ["TMPDIR"] = At("temporary"), ["LOOPHOLE_GUARD_AUDIO_THREAD"] = "1" };
    }

    public Dictionary<string, string> Environment { get; }

    /// <summary>A file's path under a name that nobody else has.</summary>
    public string NewOutput() => Path.Combine(At("output"), $"{Guid.NewGuid():N}.wav");

    public string NewFolder() => _folder.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName;

    /// <summary>Writes a script for <c>pulse play</c>.</summary>
    /// <returns>Its path.</returns>
    public async Task<string> WriteAsync(string script)
    {
        var path = Path.Combine(NewFolder(), "play.script");
        await File.WriteAllTextAsync(path, script);
        return path;
    }

    public string At(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Every file beside the outputs, hidden ones too, whose name contains this one's.</summary>
    public static string[] TracesOf(string output) =>
        [.. Directory.EnumerateFiles(Path.GetDirectoryName(output)!, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }).Where(file => file.Contains(Path.GetFileNameWithoutExtension(output), StringComparison.Ordinal))];

    /// <summary>Folders of satellites that Pulse should have taken away.</summary>
    public string[] SatelliteFolders() => Directory.GetDirectories(At("temporary"), "loophole-*");

    public void Dispose() => _folder.Delete(recursive: true);
}
