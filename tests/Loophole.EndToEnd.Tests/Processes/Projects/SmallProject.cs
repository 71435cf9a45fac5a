using static Loophole.EndToEnd.Tests.Processes.Projects.ProjectText;

namespace Loophole.EndToEnd.Tests.Processes.Projects;

/// <summary>Two seconds with something of everything: resampled and stretched clips, notes, a group, sends, effects, latency, automation, a change of tempo.</summary>
internal static class SmallProject
{
    public static void Write(string path)
    {
        var structure = string.Concat(
            Track("drums", Channel("drums", Compressor, role: "submix"), "tracks", Track("hit", Channel("hit", destination: "drums", sends: Send("reverb", 0.3)))),
            Track("bass", Channel("bass", Equalizer + Device("latency", ("frames", 441)))),
            Track("voice", Channel("voice", sends: Send("reverb", 0.2, "pre") + Send("delay", 0.4))),
            Track("siren", Channel("siren", Device("tone", ("frequency", 660), ("level", 0.2)), Send("delay", 0.3))),
            Track("breath", Channel("breath", Device("noise", ("seed", 7), ("level", 0.1)))),
            Track("keys", Channel("keys", Device("synth", ("wave", 2), ("level", 0.2)), Send("reverb", 0.1)), "notes"),
            Track("reverb", Channel("reverb", Device("reverb", ("roomSize", 0.7), ("damping", 0.4), ("mix", 1)), role: "effect")),
            Track("delay", Channel("delay", Device("delay", ("time", 0.1), ("feedback", 0.5), ("mix", 1)), Send("reverb", 0.2), role: "effect")),
            Track("out", MasterWithLimiter));
        var lanes = string.Concat(
            Lane("hit", string.Concat(Enumerable.Range(0, 4).Select(beat => Clip(beat, 0.5, "audio/hit.wav", 44_100, 1, 0.3)))),
            Lane("bass", Clip(0, 4, "audio/bass.wav", 96_000, 2, 1.5)),
            Lane("voice", Stretched),
            Lane("keys", Notes(0.25, 3.5, (0, 0.5, 57), (0.5, 1.75, 60), (0.5, 0.25, 64), (2, 2, 69))),
            Automation("drumsVolume", "linear", (0, 0.9), (1.5, 0.2), (3, 0.9)),
            Automation("tone-frequency", "linear", (0, 330), (4, 990)));
        Write(
            path,
            Project(structure, $"""<Lanes timeUnit="beats">{lanes}</Lanes>{Tempo}"""),
            ("audio/hit.wav", Recording.Make(1, 44_100, 1, 0.3)),
            ("audio/bass.wav", Recording.Make(2, 96_000, 2, 1.5)),
            ("audio/voice.wav", Recording.Make(3, 32_000, 1, 1)));
    }

    private static void Write(string path, string xml, params (string Name, byte[] Bytes)[] files) => ProjectText.Write(path, xml, files);

    private const string Compressor = """<Compressor deviceName="Compressor" deviceRole="audioFX"><Attack unit="seconds" value="0.01"/><Ratio unit="linear" value="3"/><Release unit="seconds" value="0.1"/><Threshold unit="decibel" value="-24"/></Compressor>""";

    private const string Equalizer = """<Equalizer deviceName="Equalizer" deviceRole="audioFX"><Band type="lowPass" order="2"><Freq unit="hertz" value="900"/><Q unit="linear" value="0.9"/></Band></Equalizer>""";

    private const string MasterWithLimiter = """<Channel id="master" role="master" audioChannels="2"><Devices><Limiter deviceName="Limiter" deviceRole="audioFX"><Release unit="seconds" value="0.1"/><Threshold unit="decibel" value="-3"/></Limiter></Devices><Volume unit="linear" value="0.9"/></Channel>""";

    private const string Stretched = """<Clip time="0.5" duration="3" contentTimeUnit="beats" playStart="0" fadeOutTime="0.5"><Warps contentTimeUnit="seconds"><Audio channels="1" sampleRate="32000" duration="1"><File path="audio/voice.wav"/></Audio><Warp time="0" contentTime="0"/><Warp time="3" contentTime="1"/></Warps></Clip>""";

    private const string Tempo = """<TempoAutomation timeUnit="beats" unit="bpm"><Target parameter="tempo"/><RealPoint time="0" value="120" interpolation="hold"/><RealPoint time="2" value="90" interpolation="hold"/></TempoAutomation>""";
}
