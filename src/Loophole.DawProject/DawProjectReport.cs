namespace Loophole.DawProject;

/// <summary>Something in a project that is not taken as it stands. Never fatal, nothing is lost.</summary>
/// <param name="Kind">What sort of difference.</param>
/// <param name="Element">The element, with name and line: <c>Clip "Intro" in line 42</c>.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record DawProjectReport(DawProjectReportKind Kind, string Element, string Message);
