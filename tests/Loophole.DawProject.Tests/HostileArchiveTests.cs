using System.Text;
using Loophole.DawProject.Tests.Support;

namespace Loophole.DawProject.Tests;

public sealed class HostileArchiveTests : IDisposable
{
    private static readonly byte[] Project = Encoding.UTF8.GetBytes(Xml.Project(Xml.AudioTrack + Xml.Master));

    private readonly ProjectFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_that_is_not_there()
    {
        var exception = await Assert.ThrowsAsync<DawProjectException>(() => DawProjectReader.ReadAsync(_folder.Combine("none.dawproject"), TestContext.Current.CancellationToken));
        Assert.Equal(DawProjectError.FileNotFound, exception.Error);
        Assert.Contains("none.dawproject", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_in_its_place() => Assert.Equal(DawProjectError.Unreadable, await FailAsync(Directory.CreateDirectory(_folder.Combine("folder")).FullName));

    [Fact]
    public async Task No_archive() => Assert.Equal(DawProjectError.NotAnArchive, await FailAsync(_folder.WriteBytes("x", "not a zip"u8.ToArray())));

    [Fact]
    public async Task An_empty_file() => Assert.Equal(DawProjectError.NotAnArchive, await FailAsync(_folder.WriteBytes("x", [])));

    [Fact]
    public async Task A_truncated_archive_wherever_it_is_cut()
    {
        var whole = ProjectFolder.Zip(("project.xml", Project), ("a.wav", Wav.Make(48_000, 1, 0.01)));
        for (var length = 0; length < whole.Length; length += 7)
        {
            Assert.Equal(DawProjectError.NotAnArchive, await FailAsync(_folder.WriteBytes("x", whole[..length])));
        }
    }

    [Fact]
    public async Task No_project_inside() => Assert.Equal(DawProjectError.MissingEntry, await FailAsync(_folder.WriteBytes("x", ProjectFolder.Zip(("other.xml", Project)))));

    [Theory]
    [InlineData("../evil.wav")]
    [InlineData("a/../../evil.wav")]
    [InlineData("/etc/passwd")]
    [InlineData("..\\evil.wav")]
    [InlineData("a\\b.wav")]
    [InlineData("C:/evil.wav")]
    public async Task Entries_that_climb_out(string name) =>
        Assert.Equal(DawProjectError.UnsafePath, await FailAsync(_folder.WriteBytes("x", ProjectFolder.Zip(("project.xml", Project), (name, [1])))));

    [Fact]
    public async Task An_entry_twice() =>
        Assert.Equal(DawProjectError.NotAnArchive, await FailAsync(_folder.WriteBytes("x", ProjectFolder.Zip(("project.xml", Project), ("project.xml", Project)))));

    [Fact]
    public async Task Content_that_does_not_fit_its_checksum()
    {
        var bytes = ProjectFolder.Zip(("project.xml", Project));
        var central = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        bytes[central + 16] ^= 1;
        Assert.Equal(DawProjectError.NotAnArchive, await FailAsync(_folder.WriteBytes("x", bytes)));
    }

    [Fact]
    public async Task A_project_that_unpacks_to_far_more_than_it_is()
    {
        var bomb = Encoding.UTF8.GetBytes("<Project>" + new string(' ', 16 * 1024 * 1024) + "</Project>");
        Assert.Equal(DawProjectError.TooLarge, await FailAsync(_folder.WriteBytes("x", ProjectFolder.Zip(("project.xml", bomb)))));
    }

    [Theory]
    [InlineData("""<Audio duration="1" sampleRate="48000" channels="1"><File path="../../etc/passwd"/></Audio>""", DawProjectError.UnsafePath, "climbs out")]
    [InlineData("""<Audio duration="1" sampleRate="48000" channels="1"><File path="/etc/passwd"/></Audio>""", DawProjectError.UnsafePath, "climbs out")]
    [InlineData("""<Audio duration="1" sampleRate="48000" channels="1"><File path="none.wav"/></Audio>""", DawProjectError.BadMedia, "not in the archive")]
    [InlineData("""<Audio duration="1" sampleRate="48000" channels="1"><File path="none.wav" external="true"/></Audio>""", DawProjectError.BadMedia, "not there")]
    [InlineData("""<Audio duration="1" sampleRate="48000" channels="1"><File path="corrupt.wav"/></Audio>""", DawProjectError.BadMedia, "no WAV")]
    [InlineData("""<Audio duration="1" sampleRate="48000" channels="1"><File path="empty.wav" external="true"/></Audio>""", DawProjectError.BadMedia, "is empty")]
    public async Task Audio_that_cannot_be_had_names_file_and_clip(string audio, DawProjectError error, string problem)
    {
        _folder.WriteBytes("empty.wav", []);
        var xml = Xml.Project(Xml.AudioTrack + Xml.Master, Xml.Clips($"""<Clip time="0" duration="1" name="Take 7">{audio}</Clip>"""));
        var exception = await _folder.FailAsync(xml, ("corrupt.wav", [1, 2, 3]));
        Assert.Equal(error, exception.Error);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
        Assert.Contains("\"Take 7\"", exception.Message, StringComparison.Ordinal);
        Assert.Contains("test.dawproject", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paths_are_found_with_either_slash()
    {
        var xml = Xml.Project(Xml.AudioTrack + Xml.Master, Xml.Clips("""<Clip time="0" duration="1"><Audio duration="1" sampleRate="48000" channels="1"><File path="./audio\a.wav"/></Audio></Clip>"""));
        Assert.Single((await _folder.BuildXmlAsync(xml, ("audio/a.wav", Wav.Make(48_000, 1, 1)))).Media);
    }

    [Fact]
    public async Task Cancelling_closes_the_file()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var path = _folder.WriteBytes("x", ProjectFolder.Zip(("project.xml", Project)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DawProjectReader.ReadAsync(path, cancelled.Token));
        File.Delete(path);
    }

    private static async Task<DawProjectError> FailAsync(string path)
    {
        var exception = await Assert.ThrowsAsync<DawProjectException>(() => DawProjectReader.ReadAsync(path, TestContext.Current.CancellationToken));
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        return exception.Error;
    }
}
