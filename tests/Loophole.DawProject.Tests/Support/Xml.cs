namespace Loophole.DawProject.Tests.Support;

/// <summary>Parts of projects.</summary>
internal static class Xml
{
    public const string AudioTrack = """<Track id="t1" name="One" contentType="audio"><Channel id="c1" destination="m" role="regular"><Mute id="mute1" value="false"/><Pan id="pan1" unit="normalized" value="0.5"/><Volume id="vol1" unit="linear" value="1"/></Channel></Track>""";

    public const string Master = """<Track id="tm" name="Master"><Channel id="m" role="master"/></Track>""";

    /// <summary>The 10 s file <c>a.wav</c>.</summary>
    public const string Audio = """<Audio duration="10" sampleRate="48000" channels="1"><File path="a.wav"/></Audio>""";

    public static string Project(string structure, string lanes = "", string arrangement = "", string bpm = "120") => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <Project version="1.0">
          <Application name="Test" version="1"/>
          <Transport><Tempo id="tempo" unit="bpm" value="{bpm}"/><TimeSignature numerator="4" denominator="4"/></Transport>
          <Structure>{structure}</Structure>
          <Arrangement><Lanes timeUnit="beats">{lanes}</Lanes>{arrangement}</Arrangement>
        </Project>
        """;

    public static string Clips(string clips, string attributes = "") => $"""<Clips track="t1" {attributes}>{clips}</Clips>""";

    public static string Points(string target, string points, string attributes = "") => $"""<Points track="t1" {attributes}><Target parameter="{target}"/>{points}</Points>""";
}
