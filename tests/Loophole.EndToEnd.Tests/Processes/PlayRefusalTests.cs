using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

/// <summary>What is refused before anything plays.</summary>
public sealed class PlayRefusalTests(EqualityFixture fixture) : IClassFixture<EqualityFixture>
{
    [Theory]
    [InlineData("of \"voice\" that it hears channel 65", "--input", "voice=65")]
    [InlineData("hear 3 channels", "--input", "voice=1,2,3", "--monitor", "voice=on")]
    [InlineData("--input voice", "--input", "voice")]
    [InlineData("hears MIDI channel 17", "--midi", "siren=17")]
    [InlineData("--midi siren=some", "--midi", "siren=some")]
    [InlineData("--monitor voice=1", "--monitor", "voice=1")]
    [InlineData("--insert bass=-1", "--insert", "bass=-1")]
    [InlineData("1000000", "--insert", "bass=1000001")]
    [InlineData("no Channel \"nobody\"", "--arm", "nobody=on")]
    public async Task What_cannot_be_said_of_a_Channel_is_refused_and_nothing_is_kept(string named, params string[] arguments)
    {
        var project = Path.Combine(fixture.Folder.NewFolder(), "said.dawproject");
        File.Copy(fixture.Project, project);
        (await PulseProcess.RunAsync(fixture.Folder, ["session", project, .. arguments])).Refused(2, named);
        Assert.False(File.Exists(Path.ChangeExtension(project, ".session.json")));
    }

    [Theory]
    [InlineData("gramophone:1", "--device", "gramophone:1")]
    [InlineData("no such folder/out.wav", "--device", "wav:/no such folder/out.wav")]
    [InlineData("at least 256 frames", "--loop", "1-1")]
    [InlineData("FROM-TO", "--loop", "later")]
    [InlineData("--lead", "--lead", "10")]
    [InlineData("no such folder", "--record", "/no such folder/out.wav")]
    [InlineData("no such folder/heard.log", "--log", "/no such folder/heard.log")]
    [InlineData("no such file", "--script", "/no such file")]
    public async Task What_cannot_be_played_is_named(string named, params string[] arguments)
    {
        string[] device = arguments[0] == "--device" ? [] : ["--device", "null"];
        var outcome = await PulseProcess.RunAsync(fixture.Folder, ["play", fixture.Project, "--for", "1", .. device, .. arguments]);
        outcome.Refused(2, named);
    }

    [Theory]
    [InlineData("line 2: \"locate\" needs \"to\"", """{"do":"locate"}""")]
    [InlineData("line 2: \"at\" and \"when\"", """{"at":1,"when":1,"do":"run"}""")]
    [InlineData("at least 256 frames", """{"do":"loop","from":1,"to":1}""")]
    [InlineData("line 2: not a line of a script", """{"do":"dance"}""")]
    [InlineData("line 2: There is no Channel \"nobody\"", """{"when":1,"do":"live","channel":"nobody"}""")]
    [InlineData("line 2: \"live\" and \"ahead\" need \"channel\"", """{"when":1,"do":"ahead"}""")]
    public async Task A_script_that_cannot_be_meant_is_refused_by_its_line(string named, string line)
    {
        var script = await fixture.Folder.WriteAsync("{\"do\":\"run\"}\n" + line);
        (await PulseProcess.RunAsync(fixture.Folder, ["play", fixture.Project, "--for", "1", "--device", "null", "--script", script])).Refused(2, named);
    }
}
