using Loophole.Cluster.Timeline;

namespace Loophole.DawProject.Resolving;

/// <summary>What all of one resolution shares.</summary>
internal sealed class ResolveContext(string file, int sampleRate, TempoMap tempo, ReportLog reports)
{
    private int _steps;
    private int _pieces;

    public string File { get; } = file;

    public int SampleRate { get; } = sampleRate;

    public TempoMap Tempo { get; } = tempo;

    public ReportLog Reports { get; } = reports;

    /// <summary>The end of the longest project, seconds.</summary>
    public static double LastSecond => DawProjectLimits.Hours * 3600.0;

    public DawProjectException Fail(DawProjectError error, DawElement element, string problem, Exception? inner = null) =>
        new(error, $"{File}: {element.Describe()} {problem}.", inner);

    /// <summary>Counts work, so that a small file cannot ask for a lot of it.</summary>
    public void Step(DawElement element, long steps = 1)
    {
        if (steps > DawProjectLimits.Steps || (_steps += (int)steps) > DawProjectLimits.Steps)
        {
            throw Fail(DawProjectError.TooLarge, element, "takes more steps to resolve than are accepted");
        }
    }

    /// <summary>Counts what will stay.</summary>
    public void Piece(DawElement element)
    {
        if (++_pieces > DawProjectLimits.Pieces)
        {
            throw Fail(DawProjectError.TooLarge, element, $"brings the project to more than {DawProjectLimits.Pieces} clip regions, notes and automation points");
        }
    }

    /// <summary>The project frame nearest to a time; exactly between two, the one farther from 0.</summary>
    public long FrameAt(double seconds) => (long)Math.Round(seconds * SampleRate, MidpointRounding.AwayFromZero);

    /// <summary>Refuses times that no project reaches, among them all that overflowed on the way.</summary>
    public double CheckTime(double seconds, DawElement element) => Math.Abs(seconds) <= LastSecond
        ? seconds
        : throw Fail(DawProjectError.BadTimeline, element, $"reaches beyond any length: a project has at most {DawProjectLimits.Hours} hours");
}
