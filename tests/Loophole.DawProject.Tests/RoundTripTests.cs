using System.Text;
using System.Xml.Linq;
using Loophole.DawProject.Tests.Shapes;
using Loophole.DawProject.Tests.Support;
using Loophole.DawProject.Writing;

namespace Loophole.DawProject.Tests;

public sealed class RoundTripTests : IDisposable
{
    private readonly ProjectFolder _folder = new();

    public static TheoryData<string> Documents => [BitwigShape.Project, StudioOneShape.Project, CubaseShape.Project, DemoShape.Project];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Reading_and_writing_returns_every_element_and_value(string xml)
    {
        using var file = await _folder.ReadAsync(xml);
        var path = _folder.Combine("again.dawproject");
        await DawProjectWriter.WriteAsync(path, file.Document, [DawProjectEntry.FromBytes("audio/x.wav", [1, 2, 3])], TestContext.Current.CancellationToken);
        using var again = await DawProjectReader.ReadAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(DocumentWriter.Write(file.Document).ToString(), DocumentWriter.Write(again.Document).ToString());
        Assert.Equal(Canonical(XDocument.Parse(xml).Root!), Canonical(DocumentWriter.Write(file.Document)));
        using var entry = again.Open("audio/x.wav");
        Assert.Equal([1, 2, 3], await ReadAllAsync(entry));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(path)!, "*.part"));
    }

    [Fact]
    public async Task The_same_document_gives_the_same_bytes()
    {
        using var file = await _folder.ReadAsync(BitwigShape.Project);
        await DawProjectWriter.WriteAsync(_folder.Combine("1"), file.Document, [], TestContext.Current.CancellationToken);
        await DawProjectWriter.WriteAsync(_folder.Combine("2"), file.Document, [], TestContext.Current.CancellationToken);
        Assert.Equal(await File.ReadAllBytesAsync(_folder.Combine("1"), TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(_folder.Combine("2"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_same_file_gives_the_same_graph()
    {
        var first = await _folder.BuildXmlAsync(BitwigShape.Project, ("audio/Drumfunk 170bpm.wav", Wav.Make(48_000, 2, 3)));
        var second = await _folder.BuildXmlAsync(BitwigShape.Project, ("audio/Drumfunk 170bpm.wav", Wav.Make(48_000, 2, 3)));
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(first.Graph), System.Text.Json.JsonSerializer.Serialize(second.Graph));
        Assert.Equal(first.Reports.AsEnumerable(), second.Reports);
    }

    [Fact]
    public async Task A_failed_write_leaves_the_old_file_and_nothing_beside_it()
    {
        using var file = await _folder.ReadAsync(BitwigShape.Project);
        var path = _folder.WriteBytes("old.dawproject", [7]);
        var broken = new DawProjectEntry("a.wav", () => throw new IOException("gone"));
        var exception = await Assert.ThrowsAsync<DawProjectException>(() => DawProjectWriter.WriteAsync(path, file.Document, [broken], TestContext.Current.CancellationToken));
        Assert.Equal(DawProjectError.Unreadable, exception.Error);
        Assert.Equal([7], await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.False(File.Exists(path + ".part"));
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("/a")]
    [InlineData("a\\b")]
    [InlineData("project.xml")]
    public async Task Unsafe_and_doubled_paths_are_not_written(string entry) => await Assert.ThrowsAsync<DawProjectException>(() =>
        DawProjectWriter.WriteAsync(_folder.Combine("x"), new DawProjectDocument(), [DawProjectEntry.FromBytes(entry, [])], TestContext.Current.CancellationToken));

    [Fact]
    public async Task Text_that_is_no_xml_is_refused() => Assert.Equal(DawProjectError.BadXml, (await Assert.ThrowsAsync<DawProjectException>(() => DawProjectWriter.WriteAsync(
        _folder.Combine("x"), new DawProjectDocument { Structure = [new DawTrack { Name = "a\0b" }] }, [], TestContext.Current.CancellationToken))).Error);

    /// <summary>Elements with sorted attributes and numbers as numbers; empty groups, which mean nothing, left out.</summary>
    private static string Canonical(XElement element)
    {
        var text = new StringBuilder();
        Append(element, text);
        return text.ToString();
    }

    private static void Append(XElement element, StringBuilder text)
    {
        if (element.Name.LocalName is "Devices" or "Sends" or "Parameters" && !element.HasElements)
        {
            return;
        }

        text.Append('<').Append(element.Name);
        foreach (var attribute in element.Attributes().OrderBy(attribute => attribute.Name.LocalName, StringComparer.Ordinal))
        {
            var isNumber = double.TryParse(attribute.Value, System.Globalization.CultureInfo.InvariantCulture, out var number);
            text.Append(' ').Append(attribute.Name).Append('=').Append(isNumber ? number.ToString("R", System.Globalization.CultureInfo.InvariantCulture) : attribute.Value);
        }

        text.Append('>');
        foreach (var child in element.Elements())
        {
            Append(child, text);
        }

        text.Append("</>\n");
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        return bytes.ToArray();
    }
}
