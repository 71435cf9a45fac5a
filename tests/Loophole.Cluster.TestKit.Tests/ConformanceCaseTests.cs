namespace Loophole.Cluster.TestKit.Tests;

public sealed class ConformanceCaseTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("LINK-01"), InlineData("link-001"), InlineData("LINK001"), InlineData("-001"), InlineData("LINK-0001"), InlineData("LINK-00a"), InlineData("A-B-001")]
    public void An_id_has_one_form(string id) => Assert.Throws<ArgumentException>(() => New(id, (_, _) => Task.CompletedTask));

    [Fact]
    public async Task What_a_case_throws_names_the_case_and_keeps_the_cause()
    {
        var cause = new InvalidDataException("A bad byte.");
        var thrown = await Assert.ThrowsAsync<ConformanceException>(() => New("LINK-001", (_, _) => throw cause).RunAsync("subject", Token));
        Assert.Equal("LINK-001: A clause. Expected no exception but those of the clause; InvalidDataException: A bad byte.", thrown.Message);
        Assert.Equal("LINK-001", thrown.CaseId);
        Assert.Same(cause, thrown.InnerException);
    }

    [Fact]
    public async Task A_stopped_run_is_no_verdict()
    {
        using var stop = new CancellationTokenSource();
        var running = New("LINK-001", (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token)).RunAsync("subject", stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_case_that_was_cancelled_by_itself_has_failed()
    {
        var thrown = await Assert.ThrowsAsync<ConformanceException>(() => New("LINK-001", (_, _) => throw new OperationCanceledException()).RunAsync("subject", Token));
        Assert.Equal("LINK-001", thrown.CaseId);
    }

    [Fact]
    public async Task A_case_that_does_not_apply_does_not_run()
    {
        var clause = new ConformanceCase<string>("LINK-001", "A clause.", "Here", (_, _) => Task.CompletedTask) { SkipReason = subject => subject == "none" ? "nothing there" : null };
        Assert.Null(clause.SkipReason("some"));
        await clause.RunAsync("some", Token);
        Assert.Equal("LINK-001 does not apply: nothing there", (await Assert.ThrowsAsync<InvalidOperationException>(() => clause.RunAsync("none", Token))).Message);
    }

    private static ConformanceCase<string> New(string id, Func<string, CancellationToken, Task> run) => new(id, "A clause.", "Here", run);
}
