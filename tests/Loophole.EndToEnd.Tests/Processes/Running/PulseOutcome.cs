namespace Loophole.EndToEnd.Tests.Processes.Running;

/// <summary>How Pulse ended.</summary>
internal sealed record PulseOutcome(int ExitCode, string Output, string Errors)
{
    /// <summary>It ended with this code and a sentence that names these, not with a stack trace.</summary>
    public void Refused(int exitCode, params string[] named)
    {
        Assert.True(ExitCode == exitCode, $"Exit code {ExitCode}, not {exitCode}: {Errors}");
        Assert.DoesNotContain("   at ", Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", Errors, StringComparison.Ordinal);
        Assert.All(named, name => Assert.Contains(name, Errors, StringComparison.OrdinalIgnoreCase));
    }
}
