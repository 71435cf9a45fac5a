using Loophole.Cluster;

namespace Loophole.Pulse;

/// <summary>How to play, apart from what and with whom. Times are in seconds of the project.</summary>
internal sealed record PlayArguments
{
    /// <summary>The device, or <see langword="null"/> for the first kind that this machine has.</summary>
    public string? Device { get; init; }

    /// <summary>Frames of a block of the device; 0 for its own.</summary>
    public int DeviceBlockFrames { get; init; }

    /// <summary>Whether project time stands still until somebody lets it run.</summary>
    public bool StartsPaused { get; init; }

    public double StartSeconds { get; init; }

    public double PreRollSeconds { get; init; }

    /// <summary>FROM-TO, in seconds.</summary>
    public string? Loop { get; init; }

    /// <summary>How long to play; <see langword="null"/> to the end of the project, or for ever in a loop.</summary>
    public double? Seconds { get; init; }

    public int LeadMilliseconds { get; init; } = 1_000;

    /// <summary>How far the lead may grow.</summary>
    public int MostLeadMilliseconds { get; init; } = 5_000;

    /// <summary>How far ahead of what is heard a change takes effect.</summary>
    public int ReactionMilliseconds { get; init; } = 250;

    /// <summary>How much later than it is made a movement is heard.</summary>
    public int GestureLeadMilliseconds { get; init; } = 100;

    /// <summary>What is to be done meanwhile, or <see langword="null"/>.</summary>
    public string? ScriptPath { get; init; }

    public string? RecordPath { get; init; }

    public string? LogPath { get; init; }

    /// <summary>The folder for what Channels hear of the device, or <see langword="null"/>.</summary>
    public string? TakesFolder { get; init; }

    /// <summary>The loop in frames.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public LoopRegion? LoopRegion(int sampleRate)
    {
        if (Loop is null)
        {
            return null;
        }

        var ends = Loop.Split('-');
        var region = ends.Length == 2 && TrySeconds(ends[0], out var from) && TrySeconds(ends[1], out var to)
            ? new LoopRegion(Frames(from, sampleRate), Frames(to, sampleRate))
            : throw new ArgumentException($"--loop takes FROM-TO in seconds, such as 1.5-4, not \"{Loop}\".");
        return region.FindFault() is { } fault ? throw new ArgumentException($"--loop {Loop}: {fault}") : region;
    }

    public static long Frames(double seconds, int sampleRate) => (long)Math.Round(seconds * sampleRate);

    private static bool TrySeconds(string text, out double seconds) =>
        double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out seconds) && double.IsFinite(seconds) && Math.Abs(seconds) < 1e9;
}
