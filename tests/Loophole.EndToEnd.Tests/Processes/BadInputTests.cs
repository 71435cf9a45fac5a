using Loophole.EndToEnd.Tests.Processes.Projects;
using Loophole.EndToEnd.Tests.Processes.Running;
using static Loophole.EndToEnd.Tests.Processes.Projects.ProjectText;

namespace Loophole.EndToEnd.Tests.Processes;

/// <summary>Whatever is wrong is named, with file and element, and nothing is written.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string ProjectPath => _folder.At("the project.dawproject");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_truncated_archive()
    {
        SmallProject.Write(ProjectPath);
        using (var file = File.OpenWrite(ProjectPath))
        {
            file.SetLength(file.Length * 2 / 3);
        }

        await RefusedAsync([], "archive");
    }

    [Fact]
    public async Task A_file_that_is_no_archive()
    {
        File.WriteAllText(ProjectPath, "<Project version=\"1.0\"/>");
        await RefusedAsync([], "archive");
    }

    [Fact]
    public async Task A_file_that_is_not_there() => await RefusedAsync([], "no such file");

    [Fact]
    public async Task An_empty_file()
    {
        File.WriteAllBytes(ProjectPath, []);
        await RefusedAsync([], "archive");
    }

    [Fact]
    public async Task A_document_that_swells()
    {
        Write("""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><Project version="1.0">&b;</Project>""");
        await RefusedAsync([], "project.xml");
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("audio/../../outside.wav")]
    public async Task A_path_that_climbs_out(string path)
    {
        WriteClip(Clip(0, 4, path, 48_000, 1, 1));
        await RefusedAsync([], path);
    }

    [Fact]
    public async Task A_recording_that_is_not_there()
    {
        WriteClip(Clip(0, 4, "audio/gone.wav", 48_000, 1, 1));
        await RefusedAsync([], "audio/gone.wav");
    }

    [Fact]
    public async Task A_recording_that_is_corrupt()
    {
        WriteClip(Clip(0, 4, "audio/bad.wav", 48_000, 1, 1), ("audio/bad.wav", "RIFF and nothing that follows"u8.ToArray()));
        await RefusedAsync([], "audio/bad.wav");
    }

    [Fact]
    public async Task Channels_that_feed_each_other()
    {
        Write(Project(Track("one", Channel("one", destination: "two")) + Track("two", Channel("two", destination: "one")) + Track("out", Master), ""));
        await RefusedAsync([], "one", "two");
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("1e999")]
    public async Task A_parameter_that_is_no_number(string value)
    {
        Write(Project(Track("out", Master.Replace("0.8", value, StringComparison.Ordinal)), ""));
        await RefusedAsync([], "Volume", "line");
    }

    [Theory]
    [InlineData(0, 1e12)]
    [InlineData(1e300, 1)]
    [InlineData(0, 1e17)]
    public async Task A_clip_beyond_any_length(double beat, double beats)
    {
        WriteClip(Clip(beat, beats, "audio/good.wav", 48_000, 1, 0.1), ("audio/good.wav", Recording.Make(1, 48_000, 1, 0.1)));
        await RefusedAsync([], "Clip");
    }

    [Fact]
    public async Task A_project_without_tracks()
    {
        Write(Project("", ""));
        await RefusedAsync([], "track");
    }

    [Fact]
    public async Task An_output_folder_that_is_not_there()
    {
        SmallProject.Write(ProjectPath);
        var output = _folder.At(Path.Combine("nowhere", "out.wav"));
        var outcome = await PulseProcess.RunAsync(_folder, ["render", ProjectPath, "--out", output, "--satellites", "1"]);
        outcome.Refused(2, "nowhere", "out.wav");
        Assert.False(Directory.Exists(_folder.At("nowhere")));
    }

    [Fact]
    public async Task An_output_that_is_a_folder()
    {
        SmallProject.Write(ProjectPath);
        var outcome = await PulseProcess.RunAsync(_folder, ["render", ProjectPath, "--out", _folder.At("output")]);
        outcome.Refused(2, "output", "folder");
        Assert.Empty(Directory.GetFileSystemEntries(_folder.At("output")));
    }

    [Theory]
    [InlineData("{\"kind\":\"transport\"}")]
    [InlineData("{\"kind\":\"hiccup\",\"frame\":1,\"sequence\":0}")]
    [InlineData("play")]
    [InlineData("{\"kind\":\"parameter\",\"frame\":0,\"sequence\":1,\"nodeId\":\"node:voice:fader\",\"parameter\":\"volume\",\"value\":1e999}")]
    [InlineData("{\"kind\":\"transport\",\"frame\":-1,\"sequence\":0,\"projectFrame\":0,\"isPlaying\":true}")]
    public async Task A_line_of_the_event_log_that_is_none(string line)
    {
        SmallProject.Write(ProjectPath);
        var log = _folder.At("the events.log");
        File.WriteAllText(log, $$"""{"kind":"transport","frame":0,"sequence":0,"projectFrame":0,"isPlaying":true}{{Environment.NewLine}}{{line}}""");
        await RefusedAsync(["--events", log], isOfProject: false, "the events.log", "line 2");
    }

    [Fact]
    public async Task An_event_log_that_is_not_there()
    {
        SmallProject.Write(ProjectPath);
        await RefusedAsync(["--events", _folder.At("gone.log")], isOfProject: false, "gone.log");
    }

    [Fact]
    public async Task An_event_log_that_is_a_folder()
    {
        SmallProject.Write(ProjectPath);
        await RefusedAsync(["--events", _folder.At("data")], isOfProject: false, "data");
    }

    [Theory]
    [InlineData("--block", "15")]
    [InlineData("--block", "8193")]
    [InlineData("--block", "many")]
    [InlineData("--rate", "7999")]
    [InlineData("--satellites", "33")]
    [InlineData("--tail", "NaN")]
    [InlineData("--lost-after", "199")]
    [InlineData("--policy", "Some")]
    public async Task An_option_beyond_its_range(string option, string value)
    {
        SmallProject.Write(ProjectPath);
        await RefusedAsync([option, value], isOfProject: false, option);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:99999")]
    [InlineData("a b:1")]
    public async Task An_address_that_is_none(string address)
    {
        SmallProject.Write(ProjectPath);
        await RefusedAsync(["--nodes", address, "--insecure-loopback"], isOfProject: false, "--nodes", address);
    }

    private void Write(string xml, params (string Name, byte[] Bytes)[] files) => ProjectText.Write(ProjectPath, xml, files);

    private void WriteClip(string clip, params (string Name, byte[] Bytes)[] files) =>
        Write(Project(Track("voice", Channel("voice")) + Track("out", Master), $"""<Lanes timeUnit="beats">{Lane("voice", clip)}</Lanes>"""), files);

    private Task RefusedAsync(string[] arguments, params string[] named) => RefusedAsync(arguments, isOfProject: true, named);

    private async Task RefusedAsync(string[] arguments, bool isOfProject, params string[] named)
    {
        var wav = _folder.NewOutput();
        var outcome = await PulseProcess.RunAsync(_folder, ["render", ProjectPath, "--out", wav, "--json", .. arguments]);
        outcome.Refused(2, isOfProject ? ["the project.dawproject", .. named] : named);
        Assert.Equal("", outcome.Output);
        Assert.Empty(TestFolder.TracesOf(wav));
    }
}
