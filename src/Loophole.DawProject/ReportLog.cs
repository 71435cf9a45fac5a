using System.Collections.Immutable;

namespace Loophole.DawProject;

/// <summary>Collects reports in the order they arise; the same report twice counts once.</summary>
internal sealed class ReportLog
{
    private readonly List<DawProjectReport> _reports = [];
    private readonly HashSet<DawProjectReport> _seen = [];
    private int _left;

    public void Add(DawProjectReportKind kind, string element, string message)
    {
        var report = new DawProjectReport(kind, element, message);
        if (_seen.Count >= DawProjectLimits.Reports)
        {
            _left++;
        }
        else if (_seen.Add(report))
        {
            _reports.Add(report);
        }
    }

    public void Add(DawProjectReportKind kind, DawElement element, string message) => Add(kind, element.Describe(), message);

    public ImmutableArray<DawProjectReport> ToImmutable() => _left == 0
        ? [.. _reports]
        : [.. _reports, new DawProjectReport(DawProjectReportKind.Unknown, "project.xml", $"{_left} more reports are left out.")];

    /// <summary>Keeps a text from the file short enough for a message.</summary>
    public static string Shorten(string text) => text.Length <= 120 ? text : string.Concat(text.AsSpan(0, 120), "…");
}
