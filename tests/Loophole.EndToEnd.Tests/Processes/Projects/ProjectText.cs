using System.Globalization;
using System.IO.Compression;

namespace Loophole.EndToEnd.Tests.Processes.Projects;

/// <summary>Writes <c>.dawproject</c> files by hand, good and bad ones.</summary>
internal static class ProjectText
{
    public const string Master = """<Channel id="master" role="master" audioChannels="2"><Volume id="masterVolume" unit="linear" value="0.8"/></Channel>""";

    public static string Project(string structure, string arrangement) =>
        $"""
        <?xml version="1.0" encoding="utf-8"?>
        <Project version="1.0">
          <Application name="Loophole.Cluster process tests" version="1"/>
          <Transport><Tempo id="tempo" unit="bpm" value="120"/></Transport>
          <Structure>
          {structure}
          </Structure>
          <Arrangement>
          {arrangement}
          </Arrangement>
        </Project>
        """;

    public static string Track(string id, string channel, string content = "audio", string inner = "") =>
        $"""<Track id="track-{id}" name="{id}" contentType="{content}">{channel}{inner}</Track>""";

    public static string Channel(string id, string devices = "", string sends = "", string destination = "master", string role = "regular") =>
        $"""
        <Channel id="{id}" role="{role}" audioChannels="2" destination="{destination}">
          <Devices>{devices}</Devices>
          <Pan id="{id}Pan" unit="normalized" value="0.4"/>
          <Sends>{sends}</Sends>
          <Volume id="{id}Volume" unit="linear" value="0.7"/>
        </Channel>
        """;

    public static string Send(string destination, double level, string type = "post") =>
        string.Create(CultureInfo.InvariantCulture, $"""<Send destination="{destination}" type="{type}"><Volume unit="linear" value="{level}"/></Send>""");

    public static string Device(string kind, params (string Name, double Value)[] parameters) =>
        $"""<BuiltinDevice deviceID="loophole.{kind}" deviceName="{kind}" deviceRole="audioFX"><Parameters>{string.Concat(parameters.Select(parameter => string.Create(
            CultureInfo.InvariantCulture, $"""<RealParameter id="{kind}-{parameter.Name}" name="{parameter.Name}" unit="linear" value="{parameter.Value}"/>""")))}</Parameters></BuiltinDevice>""";

    public static string Lane(string track, string clips) => $"""<Lanes track="track-{track}"><Clips>{clips}</Clips></Lanes>""";

    public static string Clip(double beat, double beats, string file, int sampleRate, int audioChannels, double seconds) => string.Create(
        CultureInfo.InvariantCulture,
        $"""<Clip time="{beat}" duration="{beats}" contentTimeUnit="seconds" playStart="0"><Audio channels="{audioChannels}" sampleRate="{sampleRate}" duration="{seconds}"><File path="{file}"/></Audio></Clip>""");

    /// <summary>Notes in a clip, each with the beat at which it starts in it, its beats and its key.</summary>
    public static string Notes(double beat, double beats, params (double Beat, double Beats, int Key)[] notes) => string.Create(
        CultureInfo.InvariantCulture,
        $"""<Clip time="{beat}" duration="{beats}" playStart="0"><Notes>{string.Concat(notes.Select(note => string.Create(
            CultureInfo.InvariantCulture, $"""<Note time="{note.Beat}" duration="{note.Beats}" channel="0" key="{note.Key}" vel="0.7"/>""")))}</Notes></Clip>""");

    public static string Automation(string parameter, string unit, params (double Beat, double Value)[] points) =>
        $"""<Points timeUnit="beats" unit="{unit}"><Target parameter="{parameter}"/>{string.Concat(points.Select(point => string.Create(
            CultureInfo.InvariantCulture, $"""<RealPoint time="{point.Beat}" value="{point.Value}" interpolation="linear"/>""")))}</Points>""";

    public static void Write(string path, string xml, params (string Name, byte[] Bytes)[] files)
    {
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        Add(archive, "metadata.xml", "<MetaData/>"u8);
        Add(archive, "project.xml", System.Text.Encoding.UTF8.GetBytes(xml));
        foreach (var (name, bytes) in files)
        {
            Add(archive, name, bytes);
        }
    }

    private static void Add(ZipArchive archive, string name, ReadOnlySpan<byte> bytes)
    {
        using var entry = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
        entry.Write(bytes);
    }
}
