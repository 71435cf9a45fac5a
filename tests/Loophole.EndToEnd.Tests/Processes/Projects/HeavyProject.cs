using static Loophole.EndToEnd.Tests.Processes.Projects.ProjectText;

namespace Loophole.EndToEnd.Tests.Processes.Projects;

/// <summary>Ten seconds, with as much work for each frame as is asked for.</summary>
internal static class HeavyProject
{
    /// <summary>Operations a frame that make the render take some seconds: there is time to interrupt it, or to revoke somebody.</summary>
    public const int Heavy = 500;

    /// <summary>For whoever counts bytes instead of seconds: as much is sent, and soon rendered.</summary>
    public const int Light = 20;

    private const int Tracks = 6;
    private const double Beats = 20;

    public static void Write(string path, int operations = Heavy)
    {
        var structure = string.Concat(Enumerable.Range(0, Tracks).Select(track => Track($"t{track}", Channel(
            $"t{track}", $"{LoadOf(track, operations)}{EchoOf(track)}"))));
        var lanes = string.Concat(Enumerable.Range(0, Tracks).Select(track => Lane($"t{track}", Clip(0, Beats, $"audio/{track % 2}.wav", 48_000, 2, Beats / 2))));
        ProjectText.Write(
            path,
            Project(structure + Track("out", Master), $"""<Lanes timeUnit="beats">{lanes}</Lanes>"""),
            ("audio/0.wav", Recording.Make(10, 48_000, 2, Beats / 2)),
            ("audio/1.wav", Recording.Make(11, 48_000, 2, Beats / 2)));
    }

    /// <summary>The same without recordings, so that little is sent before the render begins; it sounds as long as it is asked to.</summary>
    public static void WriteBare(string path, int operations = Heavy)
    {
        var structure = string.Concat(Enumerable.Range(0, Tracks).Select(track => Track($"t{track}", Channel(
            $"t{track}", $"{NoiseOf(track)}{LoadOf(track, operations)}{EchoOf(track)}"))));
        ProjectText.Write(path, Project(structure + Track("out", Master), ""));
    }

    private static string NoiseOf(int track) => Unique(Device("noise", ("seed", track), ("level", 0.1)), track);

    private static string LoadOf(int track, int operations) => Unique(Device("load", ("operations", operations)), track);

    private static string EchoOf(int track) => Unique(Device("delay", ("time", 0.2 + (track * 0.01)), ("feedback", 0.7), ("mix", 0.4)), track);

    private static string Unique(string device, int track) => device.Replace("id=\"", $"id=\"t{track}-", StringComparison.Ordinal);
}
