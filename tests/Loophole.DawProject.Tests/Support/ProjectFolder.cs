using System.IO.Compression;
using System.Text;

namespace Loophole.DawProject.Tests.Support;

/// <summary>A folder of its own, gone afterwards, with helpers to write archives into it and read them back.</summary>
internal sealed class ProjectFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dawproject");

    public MemoryMediaStore Store { get; } = new();

    public string Combine(string name) => Path.Combine(_folder.FullName, name);

    public string WriteBytes(string name, byte[] bytes)
    {
        File.WriteAllBytes(Combine(name), bytes);
        return Combine(name);
    }

    public static byte[] Zip(params ReadOnlySpan<(string Name, byte[] Bytes)> entries)
    {
        var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var stream = archive.CreateEntry(name, CompressionLevel.Optimal).Open();
                stream.Write(bytes);
            }
        }

        return buffer.ToArray();
    }

    public string WriteProject(string xml, params ReadOnlySpan<(string Name, byte[] Bytes)> entries) =>
        WriteBytes("test.dawproject", Zip([("project.xml", Encoding.UTF8.GetBytes(xml)), .. entries]));

    public Task<DawProjectFile> ReadAsync(string xml, params ReadOnlySpan<(string Name, byte[] Bytes)> entries) =>
        DawProjectReader.ReadAsync(WriteProject(xml, entries), TestContext.Current.CancellationToken);

    public async Task<DawProjectGraphResult> BuildAsync(string path, int sampleRate = 48_000)
    {
        await using var file = await DawProjectReader.ReadAsync(path, TestContext.Current.CancellationToken);
        var options = new DawProjectGraphOptions { SampleRate = sampleRate, Media = Store, Inspector = new WavInspector() };
        return await DawProjectGraph.BuildAsync(file, options, TestContext.Current.CancellationToken);
    }

    public Task<DawProjectGraphResult> BuildXmlAsync(string xml, params ReadOnlySpan<(string Name, byte[] Bytes)> entries) => BuildAsync(WriteProject(xml, entries));

    /// <summary>A project with one audio track (channel <c>c1</c>, a 10 s mono file <c>a.wav</c>) and a master, and these lanes.</summary>
    public Task<DawProjectGraphResult> BuildLanesAsync(string lanes, string arrangement = "", string bpm = "120", int fileRate = 48_000) =>
        BuildXmlAsync(Xml.Project(Xml.AudioTrack + Xml.Master, lanes, arrangement, bpm), ("a.wav", Wav.Make(fileRate, 1, 10)));

    public async Task<DawProjectException> FailAsync(string xml, params (string Name, byte[] Bytes)[] entries) =>
        await Assert.ThrowsAsync<DawProjectException>(() => BuildXmlAsync(xml, entries));

    public void Dispose() => _folder.Delete(recursive: true);
}
