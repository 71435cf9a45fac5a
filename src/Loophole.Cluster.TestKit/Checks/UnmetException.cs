namespace Loophole.Cluster.TestKit.Checks;

/// <summary>An expectation was not met; the case that runs adds its id.</summary>
internal sealed class UnmetException(string expected, string happened, Exception? innerException = null)
    : Exception($"Expected {expected}; {happened}.", innerException)
{
    public string Expected { get; } = expected;

    public string Happened { get; } = happened;
}
