using System.Buffers;
using Loophole.Cluster.TestKit.Simulation;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Tests.Simulation;

/// <summary>With ideal conditions the simulated network is a transport like any other. Cases that look at the whole process run where nothing runs beside them.</summary>
public sealed class SimulatedNetworkConformanceTests
{
    private static readonly Ideal Subject = new();

    public static TheoryData<string> CaseIds => [.. TransportSuite.Cases.Where(c => !c.RunsAlone).Select(c => c.Id)];

    [Theory]
    [MemberData(nameof(CaseIds))]
    public async Task Case(string caseId)
    {
        var clause = TransportSuite.Cases.Single(c => c.Id == caseId);
        Assert.SkipWhen(clause.SkipReason(Subject) is not null, clause.SkipReason(Subject) ?? "");
        await clause.RunAsync(Subject, TestContext.Current.CancellationToken);
    }

    private sealed class Ideal : TransportSubject
    {
        public override Uri ListenEndPoint { get; } = new("sim://server:0");

        public override TransportSecurity Security => TransportSecurity.SameMachine;

        public override IClusterTransport CreateTransport(MemoryPool<byte> pool) => new SimulatedNetwork(new SimulatedNetworkOptions { Pool = pool, TraceCapacity = 0 });
    }
}
