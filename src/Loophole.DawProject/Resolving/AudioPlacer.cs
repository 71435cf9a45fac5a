namespace Loophole.DawProject.Resolving;

/// <summary>Cuts what is heard of an audio file into pieces of one speed each.</summary>
internal sealed class AudioPlacer(ResolveContext context)
{
    /// <summary>Speeds closer than this, relatively, are one speed; so close to 1, the file plays as it is.</summary>
    public const double SpeedTolerance = 1e-9;

    /// <summary>Bends closer together than this many seconds are one; no slope can be taken from less.</summary>
    private const double ShortestPiece = 1e-7;

    private readonly List<double> _edges = [];

    public void Place(DawAudio audio, DawNamedElement clip, TimeScope scope, Window window, TrackContent target)
    {
        var name = string.IsNullOrEmpty(clip.Name) ? audio.File.Path : clip.Name;
        if (scope.IsRealTime)
        {
            Add(new AudioPiece(audio, clip, name, window, scope.TimeAt(window.Start), 1), target);
            return;
        }

        FindEdges(clip, scope, window);
        var (start, source, speed) = (_edges[0], scope.TimeAt(_edges[0]), 0.0);
        var varies = false;
        for (var index = 1; index < _edges.Count; index++)
        {
            var (from, to) = (_edges[index - 1], _edges[index]);
            var at = scope.TimeAt(from);
            var slope = (scope.TimeAt(to) - at) / (to - from);
            slope = Math.Abs(slope - 1) <= SpeedTolerance ? 1 : slope;
            if (!(slope > 0 && double.IsFinite(slope) && double.IsFinite(at)))
            {
                throw context.Fail(DawProjectError.BadTimeline, clip, "plays at no possible speed");
            }

            varies |= slope != 1;
            if (index > 1 && Math.Abs(slope - speed) > SpeedTolerance * speed)
            {
                Add(new AudioPiece(audio, clip, name, window with { Start = start, End = from }, source, speed), target);
                (start, source, speed) = (from, at, slope);
            }
            else if (index == 1)
            {
                speed = slope;
            }
        }

        Add(new AudioPiece(audio, clip, name, window with { Start = start }, source, speed), target);
        if (varies)
        {
            context.Reports.Add(DawProjectReportKind.Approximated, clip, "The clip plays at varying speed; time-stretch algorithms are not available.");
        }
    }

    private void FindEdges(DawElement clip, TimeScope scope, Window window)
    {
        _edges.Clear();
        scope.AddBends(window.Start, window.End, _edges);
        context.Step(clip, _edges.Count);
        _edges.Sort();
        var kept = 0;
        var last = window.Start;
        for (var index = 0; index < _edges.Count; index++)
        {
            var edge = _edges[index];
            if (edge - last > ShortestPiece && window.End - edge > ShortestPiece)
            {
                _edges[kept++] = edge;
                last = edge;
            }
        }

        _edges.RemoveRange(kept, _edges.Count - kept);
        _edges.Insert(0, window.Start);
        _edges.Add(window.End);
    }

    private void Add(AudioPiece piece, TrackContent target)
    {
        if (context.FrameAt(piece.Window.End) > context.FrameAt(piece.Window.Start))
        {
            context.Piece(piece.Clip);
            target.Pieces.Add(piece);
        }
    }
}
