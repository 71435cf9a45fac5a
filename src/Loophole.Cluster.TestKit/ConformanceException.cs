namespace Loophole.Cluster.TestKit;

/// <summary>A subject broke a clause of its contract.</summary>
/// <param name="caseId">The case, such as <c>LINK-021</c>.</param>
/// <param name="title">The clause, as a sentence.</param>
/// <param name="expected">What the clause asks for.</param>
/// <param name="happened">What was seen instead.</param>
/// <param name="innerException">What the subject threw, or <see langword="null"/>.</param>
public sealed class ConformanceException(string caseId, string title, string expected, string happened, Exception? innerException = null)
    : Exception($"{caseId}: {title} Expected {expected}; {happened}.", innerException)
{
    /// <summary>The case, such as <c>LINK-021</c>.</summary>
    public string CaseId { get; } = caseId;

    /// <summary>What the clause asks for.</summary>
    public string Expected { get; } = expected;

    /// <summary>What was seen instead.</summary>
    public string Happened { get; } = happened;
}
