using Loophole.Cluster.Media;

namespace Loophole.DawProject;

/// <summary>What <see cref="DawProjectGraph"/> needs besides the project. Read once.</summary>
public sealed class DawProjectGraphOptions
{
    /// <summary>Frames per second of the graph, 8,000 to 384,000. Default 48,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int SampleRate
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 8_000);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 384_000);
            field = value;
        }
    }

    = 48_000;

    /// <summary>Where the project's audio files are put.</summary>
    public required IMediaStore Media { get; init; }

    /// <summary>What reads their headers.</summary>
    public required IMediaInspector Inspector { get; init; }
}
