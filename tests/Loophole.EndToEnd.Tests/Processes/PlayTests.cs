using System.Globalization;
using Loophole.Cluster.Timeline;
using Loophole.Devices;
using Loophole.EndToEnd.Tests.Processes.Projects;
using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

/// <summary>What is played on a device is what an offline render of its log makes, bit for bit.</summary>
[Collection(ProcessCollection.Name)]
public sealed class PlayTests(EqualityFixture fixture) : IClassFixture<EqualityFixture>
{
    // Far more than any pause of a busy machine: a block that is late has other samples, and then nothing is equal.
    private const string Lead = "8000";

    /// <summary>All that can be done, some of it known ahead, and most of it behind what was rendered already.</summary>
    private const string Script =
        """
        {"when":0.1,"do":"pause"}
        {"when":0.4,"do":"locate","to":0.25}
        {"when":0.8,"do":"run"}
        {"at":2.8,"do":"set","node":"node:voice:fader","parameter":"volume","value":0.2,"ramp":0.3}
        {"when":1.2,"do":"distribute","policy":"off"}
        {"when":1.7,"do":"loop","from":0.3,"to":0.8}
        {"when":2.1,"do":"set","node":"node:voice:fader","parameter":"volume"}
        {"when":2.2,"do":"gesture","node":"node:voice:fader","parameter":"volume","from":0.1,"to":1,"over":0.6}
        {"when":2.3,"do":"gesture","node":"node:drums:fader","parameter":"volume","from":0,"to":-0.3,"over":0.5,"relative":true}
        {"at":3.4,"do":"set","node":"node:siren:device:1","parameter":"frequency","value":-50,"ramp":0.2,"relative":true}
        {"when":3,"do":"stop"}
        {"when":3.2,"do":"distribute","policy":"aggressiveOffload"}
        {"at":4.7,"do":"locate","to":0.1}
        {"at":4.8,"do":"run"}
        {"when":4.1,"do":"loop"}
        {"when":4.2,"do":"gesture","node":"node:voice:fader","parameter":"volume","from":1,"to":0.3,"over":0.3}
        """;

    [Theory]
    [InlineData("--for", "1.5", "--start", "0.3", "--block", "64", "--satellites", "1")]
    [InlineData("--for", "2", "--loop", "0.25-0.75", "--block", "1000", "--satellites", "2")]
    [InlineData("--for", "1.5", "--start", "0.2", "--pre-roll", "0.5", "--satellites", "1")]
    public async Task A_recording_equals_the_render_of_its_log(params string[] arguments)
    {
        var (played, rendered) = await PlayAndRenderAsync(arguments, static _ => Task.CompletedTask);
        Assert.Equal("null", played.Device);
        Assert.Equal(rendered.Sha256, played.Sha256);
        Assert.NotEqual(fixture.Local.Sha256, played.Sha256);
    }

    [Fact]
    public async Task What_a_wav_device_has_played_is_what_was_recorded_and_rendered()
    {
        var output = fixture.Folder.NewOutput();
        var (played, rendered) = await PlayAndRenderAsync(["--for", "1.5", "--satellites", "1"], static _ => Task.CompletedTask, device: $"wav:{output}");
        Assert.Equal($"wav:{output}", played.Device);
        played.IsIn(output);
        Assert.Equal(rendered.Sha256, played.Sha256);
    }

    [Theory]
    [InlineData("--satellites", "0")]
    [InlineData("--satellites", "2", "--policy", "aggressiveOffload")]
    public async Task Whatever_is_done_meanwhile_the_recording_equals_the_render_of_its_log(params string[] arguments)
    {
        var (played, rendered) = await PlayAndRenderAsync(["--for", "6", "--loop", "0.1-0.9", "--reaction", "1500", "--gesture-lead", "1200", "--script", await fixture.Folder.WriteAsync(Script), .. arguments], static _ => Task.CompletedTask);
        Assert.Equal(rendered.Sha256, played.Sha256);
        Assert.DoesNotContain(played.Reports, report => report.Contains(".script", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ten_thousand_changes_in_a_block_are_ten_thousand_changes()
    {
        // Known ahead, and asked for at once; the last one of each decides.
        string[] lines = [.. Enumerable.Range(0, 20_000).Select(at => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"{{(at % 2 == 0 ? "at" : "when")}}":{{(at % 2 == 0 ? 1.5 : 0.5)}},"do":"set","node":"node:{{(at % 3 == 0 ? "voice" : "siren")}}:fader","parameter":"volume","value":{{(at % 97) / 100.0}},"ramp":{{(at % 5) / 1000.0}}}"""))];
        var script = await fixture.Folder.WriteAsync(string.Join('\n', lines));
        var (played, rendered) = await PlayAndRenderAsync(["--for", "3", "--reaction", "1500", "--script", script, "--satellites", "2", "--policy", "aggressiveOffload"], static _ => Task.CompletedTask);
        Assert.Equal(rendered.Sha256, played.Sha256);
        Assert.DoesNotContain(played.Reports, report => report.Contains(".script", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--satellites", "0", "--block", "64")]
    [InlineData("--satellites", "2", "--policy", "aggressiveOffload")]
    public async Task What_is_rendered_in_the_callback_is_what_would_have_been_rendered_ahead(params string[] arguments)
    {
        var project = Path.Combine(fixture.Folder.NewFolder(), "live.dawproject");
        File.Copy(fixture.Project, project);
        var session = await PulseProcess.RunAsync(fixture.Folder, ["session", project, "--live", "voice", "--json"]);
        Assert.Equal("""{"live":["voice"],"inputs":[],"keys":[],"inserts":[]}""", session.Output.Trim());
        var offline = await PulseProcess.RenderAsync(fixture.Folder, project, ["--local", "--tail", "0.25"]);
        Assert.Equal(fixture.Local.Sha256, offline.Sha256);
        var script = await fixture.Folder.WriteAsync(Script);
        var (played, rendered) = await PlayAndRenderAsync(["--for", "6", "--loop", "0.1-0.9", "--reaction", "1500", "--gesture-lead", "1200", "--script", script, .. arguments], static _ => Task.CompletedTask, project);
        Assert.Equal(rendered.Sha256, played.Sha256);
        Assert.DoesNotContain(played.Reports, report => report.Contains(".script", StringComparison.Ordinal));
        // The master has gone into the callback, and the host's node has nothing left of it.
        Assert.Equal(arguments[1] == "0" ? 1 : 0, played.Nodes[0].Subgraphs);
    }

    /// <summary>The voice comes to be live and leaves; in between things are done to it. The siren stays.</summary>
    private const string TurnScript =
        """
        {"when":0.4,"do":"live","channel":"voice"}
        {"when":1,"do":"set","node":"node:voice:fader","parameter":"volume","value":0.2,"ramp":0.3}
        {"when":1.5,"do":"locate","to":0.25}
        {"when":1.6,"do":"live","channel":"siren"}
        {"when":2.4,"do":"ahead","channel":"voice"}
        {"when":2.8,"do":"gesture","node":"node:voice:fader","parameter":"volume","from":0.1,"to":1,"over":0.4}
        {"when":3.5,"do":"live","channel":"voice"}
        {"when":4.2,"do":"ahead","channel":"voice"}
        {"when":4.3,"do":"ahead","channel":"siren"}
        """;

    [Theory]
    [InlineData("--satellites", "0")]
    [InlineData("--satellites", "2", "--policy", "aggressiveOffload")]
    public async Task What_comes_to_be_live_while_it_plays_sounds_as_before(params string[] arguments)
    {
        // Between two blocks of that length there is time for a change, also on a busy machine.
        var script = await fixture.Folder.WriteAsync(TurnScript);
        var (played, rendered) = await PlayAndRenderAsync(["--for", "6", "--block", "4096", "--loop", "0.1-0.9", "--reaction", "1500", "--gesture-lead", "1200", "--script", script, .. arguments], static _ => Task.CompletedTask);
        Assert.Equal(rendered.Sha256, played.Sha256);
        Assert.DoesNotContain(played.Reports, report => report.Contains(".script", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--satellites", "0", "--block", "64")]
    [InlineData("--satellites", "2", "--policy", "aggressiveOffload")]
    public async Task What_the_device_hears_and_what_inserts_answer_is_what_takes_and_log_make_of_it(params string[] arguments)
    {
        var folder = fixture.Folder.NewFolder();
        var (project, heard, takes) = (Path.Combine(folder, "heard.dawproject"), Path.Combine(folder, "heard.wav"), Path.Combine(folder, "takes"));
        File.Copy(fixture.Project, project);
        await File.WriteAllBytesAsync(heard, Recording.Make(9, 48_000, 2, 5), TestContext.Current.CancellationToken);
        var keys = Path.Combine(folder, "keys.mid");
        using (var sink = new MidiFiles().Create(keys, 48_000))
        {
            for (var note = 0; note < 100; note++)
            {
                sink.Write(new MidiMessage(note * 2_400, (byte)((note % 2 == 0 ? MidiMessage.NoteOn : MidiMessage.NoteOff) | (note % 3)), (byte)(50 + (note / 2 % 20)), 90));
            }

            sink.Complete();
        }

        // One hears the device and plays a clip, one has an instrument that plays a clip and one MIDI channel, one hears it through an insert, one is an insert without hearing it, and of one it is only recorded. Budgets are far more than any pause of a busy machine.
        var session = await PulseProcess.RunAsync(
            fixture.Folder,
            [
                "session", project, "--input", "voice=2,1", "--monitor", "voice=on", "--input", "siren=1", "--monitor", "siren=on", "--input", "breath=2", "--arm", "breath=on", "--midi", "keys=2", "--monitor", "keys=on",
                "--live", "bass", "--insert", "bass=60000", "--insert", "siren=70000", "--json",
            ]);
        Assert.Equal(
            """{"live":["bass"],"inputs":[{"channel":"breath","deviceChannels":[2],"monitor":false,"arm":true},{"channel":"siren","deviceChannels":[1],"monitor":true,"arm":false},{"channel":"voice","deviceChannels":[2,1],"monitor":true,"arm":false}],"keys":[{"channel":"keys","midiChannel":2,"monitor":true,"arm":false}],"inserts":[{"channel":"bass","frames":60000},{"channel":"siren","frames":70000}]}""",
            session.Output.Trim());
        var script = await fixture.Folder.WriteAsync(Script);
        var (played, rendered) = await PlayAndRenderAsync(
            ["--for", "6", "--loop", "0.1-0.9", "--reaction", "1500", "--gesture-lead", "1200", "--script", script, "--takes", takes, .. arguments],
            static _ => Task.CompletedTask,
            project,
            $"wav:{Path.Combine(folder, "out.wav")}?notes={keys}?input={heard}",
            ["--takes", takes]);
        Assert.Equal(rendered.Sha256, played.Sha256);
        Assert.Equal(["breath.wav", "keys.mid", "siren.wav", "voice.wav"], Directory.GetFiles(takes).Select(Path.GetFileName).Order());
        Assert.All(played.Nodes.Skip(1), node => Assert.True(node.Blocks > 0, $"{node.Name} has done nothing."));
        var deaf = await PulseProcess.RenderAsync(fixture.Folder, project, ["--local", "--frames", played.Frames.ToString(CultureInfo.InvariantCulture)]);
        Assert.NotEqual(rendered.Sha256, deaf.Sha256);
        Assert.Equal(MidiFiles.Read(keys, 48_000).Count(message => message.MidiChannel == 1), MidiFiles.Read(Path.Combine(takes, "keys.mid"), 48_000).Length);
        File.Delete(Path.Combine(takes, "siren.wav"));
        (await PulseProcess.RunAsync(fixture.Folder, ["render", project, "--out", fixture.Folder.NewOutput(), "--takes", takes])).Refused(2, "siren.wav");
    }

    [Fact]
    public async Task A_device_without_a_MIDI_input_is_named_and_all_else_is_played()
    {
        var project = Path.Combine(fixture.Folder.NewFolder(), "deaf.dawproject");
        File.Copy(fixture.Project, project);
        Assert.Equal(0, (await PulseProcess.RunAsync(fixture.Folder, ["session", project, "--midi", "keys=all", "--monitor", "keys=on"])).ExitCode);
        var (played, rendered) = await PlayAndRenderAsync(["--for", "0.3"], static _ => Task.CompletedTask, project);
        Assert.Equal(rendered.Sha256, played.Sha256);
        Assert.Contains("null has no MIDI input: nothing was played on it.", played.Reports);
    }

    [Fact]
    public async Task A_session_that_cannot_be_read_or_meant_is_named()
    {
        var project = Path.Combine(fixture.Folder.NewFolder(), "bad.dawproject");
        File.Copy(fixture.Project, project);
        (await PulseProcess.RunAsync(fixture.Folder, ["session", project, "--live", "nobody"])).Refused(2, "no Channel \"nobody\"");
        await File.WriteAllTextAsync(Path.ChangeExtension(project, ".session.json"), """{"version":1,"channels":{"gone":{"forceLive":true}}}""", TestContext.Current.CancellationToken);
        var (played, rendered) = await PlayAndRenderAsync(["--for", "0.3"], static _ => Task.CompletedTask, project);
        Assert.Equal(rendered.Sha256, played.Sha256);
        Assert.Contains(played.Reports, report => report.Contains("no Channel \"gone\"", StringComparison.Ordinal));
        Assert.Equal(0, (await PulseProcess.RunAsync(fixture.Folder, ["session", project, "--ahead", "gone"])).ExitCode);
        await File.WriteAllTextAsync(Path.ChangeExtension(project, ".session.json"), """{"version":1,"channels":{"gone":{"loud":true}}}""", TestContext.Current.CancellationToken);
        (await PulseProcess.RunAsync(fixture.Folder, ["play", project, "--device", "null", "--for", "1"])).Refused(2, "bad.session.json");
    }

    [Fact]
    public async Task A_satellite_that_is_killed_is_not_heard()
    {
        var (played, rendered) = await PlayAndRenderAsync(["--for", "3", "--loop", "0-1", "--satellites", "2", "--policy", "aggressiveOffload"], async pulse =>
        {
            await Deadline.WaitAsync(pulse.Errors.LineAsync(line => line.Contains("bar", StringComparison.Ordinal)), () => $"Pulse did not play: {pulse.Errors}");
            OperatingSystemProcess.Send(OperatingSystemProcess.Child(pulse.Id, "satellite 1"), OperatingSystemProcess.Kill);
        });
        Assert.Equal(rendered.Sha256, played.Sha256);
        Assert.NotEqual("", played.Nodes[1].Lost);
        Assert.True(played.Failovers > 0);
    }

    [Fact]
    public async Task An_interrupt_ends_it_in_good_order()
    {
        var (played, rendered) = await PlayAndRenderAsync(["--loop", "0-1", "--satellites", "1"], async pulse =>
        {
            await Deadline.WaitAsync(pulse.Errors.LineAsync(line => line.Contains("bar", StringComparison.Ordinal) && line.Contains("  peak -", StringComparison.Ordinal)), () => $"Pulse did not play: {pulse.Errors}");
            OperatingSystemProcess.Send(pulse.Id, OperatingSystemProcess.Interrupt);
        });
        Assert.Equal(rendered.Sha256, played.Sha256);
    }

    [Fact]
    public async Task What_a_script_asks_in_vain_is_reported_and_playing_goes_on()
    {
        var script = await fixture.Folder.WriteAsync("""
            {"do":"set","node":"node:gone:fader","parameter":"volume","value":1}
            {"when":100,"do":"pause"}
            """);
        var (played, rendered) = await PlayAndRenderAsync(["--for", "0.5", "--script", script], static _ => Task.CompletedTask);
        Assert.Equal(rendered.Sha256, played.Sha256);
        Assert.Contains(played.Reports, report => report.Contains("line 1: The change names node \"node:gone:fader\"", StringComparison.Ordinal));
        Assert.Contains(played.Reports, report => report.Contains("line 2: playing ended before it", StringComparison.Ordinal));
    }

    private async Task<(PlayOutcome Played, RenderOutcome Rendered)> PlayAndRenderAsync(string[] arguments, Func<PulseProcess, Task> meanwhile, string? project = null, string device = "null", string[]? rendering = null)
    {
        project ??= fixture.Project;
        var recording = fixture.Folder.NewOutput();
        var log = Path.Combine(fixture.Folder.NewFolder(), "events.log");
        await using var pulse = PulseProcess.Start(
            fixture.Folder, ["play", project, "--device", device, "--lead", Lead, "--record", recording, "--log", log, "--json", .. arguments]);
        await meanwhile(pulse);
        var played = PlayOutcome.Read(await pulse.EndAsync(), recording);
        Assert.Equal((0L, 0L, 0L, 0L), (played.LateBlocks, played.MissingFrames, played.LostFrames, played.Xruns));
        var frames = played.Frames.ToString(CultureInfo.InvariantCulture);
        return (played, await PulseProcess.RenderAsync(fixture.Folder, project, ["--local", "--frames", frames, "--events", log, .. rendering ?? []]));
    }
}
