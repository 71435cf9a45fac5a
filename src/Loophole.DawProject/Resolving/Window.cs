namespace Loophole.DawProject.Resolving;

/// <summary>The project seconds in which something is heard, with the fades that lie on it.</summary>
internal readonly record struct Window(double Start, double End)
{
    /// <summary>Project seconds of the fade-in; empty for none.</summary>
    public Span FadeIn { get; init; }

    /// <summary>Project seconds of the fade-out; empty for none.</summary>
    public Span FadeOut { get; init; }

    public bool IsEmpty => !(End > Start);

    /// <summary>A stretch of project seconds.</summary>
    internal readonly record struct Span(double Start, double End)
    {
        public bool IsEmpty => !(End > Start);

        public bool Touches(double start, double end) => !IsEmpty && Start < end && End > start;
    }
}
