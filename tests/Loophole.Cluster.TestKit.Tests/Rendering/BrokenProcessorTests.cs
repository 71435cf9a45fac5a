using Loophole.Cluster.TestKit.Rendering;

namespace Loophole.Cluster.TestKit.Tests.Rendering;

/// <summary>Processors that break a promise on purpose: a case that never failed proves nothing.</summary>
public sealed class BrokenProcessorTests
{
    private static readonly Dictionary<string, (EchoSubject Subject, string CaseId)> Broken = new()
    {
        ["takes a value once per call"] = (new EchoSubject(c => new BlockStartLevel(c)), "REND-001"),
        ["forgets a sample in its checkpoint"] = (new EchoSubject(c => new Forgetful(c)), "REND-002"),
        ["takes over any bytes"] = (new EchoSubject(c => new Gullible(c)), "REND-003"),
        ["counts calls of all instances"] = (new EchoSubject(c => new Shared(c)), "REND-004"),
        ["keeps its state over a reset"] = (new EchoSubject(c => new Unresettable(c)), "REND-005"),
        ["allocates"] = (new EchoSubject(c => new Wasteful(c)), "REND-006"),
        ["declares too much latency"] = (new EchoSubject { DeclaredLatency = 101 }, "REND-010"),
        ["declares too little latency"] = (new EchoSubject { DeclaredLatency = 99 }, "REND-010"),
        ["hums"] = (new EchoSubject(c => new Humming(c)), "REND-011"),
        ["answers silence with minus zero"] = (new EchoSubject(c => new MinusZero(c)), "REND-011"),
        ["rings longer than it says"] = (new EchoSubject(c => new Echo(c, 100, 0.5)), "REND-012"),
        ["keeps NaN in its state"] = (new EchoSubject(c => new Poisoned(c), feedback: 0.5), "REND-013"),
        ["keeps NaN over a reset"] = (new EchoSubject(c => new PoisonedOverReset(c)), "REND-014"),
        ["lets denormals ring"] = (new EchoSubject(c => new Lingering(c), feedback: 1), "REND-015"),
        ["follows a value beyond its range"] = (new EchoSubject(c => new Unclamped(c)), "REND-020"),
        ["declares a latency below nothing"] = (new EchoSubject { DeclaredLatency = -1 }, "REND-021"),
        ["takes any settings"] = (new EchoSubject { ChecksSettings = false }, "REND-022"),
        ["cannot be disposed twice"] = (new EchoSubject(c => new DisposedOnce(c)), "REND-023"),
    };

    public static TheoryData<string> Faults => [.. Broken.Keys];

    public static TheoryData<string> CaseIds => [.. ProcessorSuite.Cases.Select(c => c.Id)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_broken_processor_is_caught_by_its_case(string fault)
    {
        var (subject, caseId) = Broken[fault];
        var clause = ProcessorSuite.Cases.Single(c => c.Id == caseId);
        Assert.Null(clause.SkipReason(subject));
        var caught = await Assert.ThrowsAsync<ConformanceException>(() => clause.RunAsync(subject, Token));
        Assert.Equal(caseId, caught.CaseId);
    }

    [Theory]
    [MemberData(nameof(CaseIds))]
    public async Task The_healthy_one_passes(string caseId)
    {
        var clause = ProcessorSuite.Cases.Single(c => c.Id == caseId);
        await clause.RunAsync(new EchoSubject(), Token);
    }

    [Fact]
    public void Every_case_has_caught_something() =>
        Assert.Equal(ProcessorSuite.Cases.Select(c => c.Id).Order(), Broken.Values.Select(b => b.CaseId).Distinct().Order());
}
