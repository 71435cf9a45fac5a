using System.Buffers;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Tcp;
using Loophole.Cluster.TestKit.Impairment;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Tests.Impairment;

/// <summary>TCP, plain and under TLS, when the network under it fails.</summary>
public sealed class TcpRelayTests
{
    private static readonly NodeCredentials Credentials = NodeCredentials.Create("relay");

    public static TheoryData<string> CaseIds => [.. RelaySuite.Cases.Select(c => c.Id)];

    [Theory]
    [MemberData(nameof(CaseIds))]
    public Task Plain_tcp(string caseId) => RunAsync(caseId, new Plain());

    [Theory]
    [MemberData(nameof(CaseIds))]
    public Task Tcp_under_tls(string caseId) => RunAsync(caseId, new Tls());

    private static Task RunAsync(string caseId, RelaySubject subject) =>
        RelaySuite.Cases.Single(c => c.Id == caseId).RunAsync(subject, TestContext.Current.CancellationToken);

    private sealed class Plain : RelaySubject
    {
        public override Uri ListenEndPoint { get; } = new("tcp://127.0.0.1:0");

        public override TransportSecurity Security => TransportSecurity.SameMachine;

        public override IClusterTransport CreateTransport(MemoryPool<byte> pool) => new TcpTransport(
            new TcpTransportOptions { InsecureLoopback = true, Pool = pool, ConnectTimeout = TimeSpan.FromSeconds(2) });
    }

    private sealed class Tls : RelaySubject
    {
        public override Uri ListenEndPoint { get; } = new("tcp://127.0.0.1:0");

        public override TransportSecurity Security => TransportSecurity.MutualTls;

        // Prime, so that the cuts fall at ever other places of the records.
        public override int CutStep => 151;

        public override IClusterTransport CreateTransport(MemoryPool<byte> pool) => new TcpTransport(
            new TcpTransportOptions { Credentials = Credentials, Pool = pool, ConnectTimeout = TimeSpan.FromSeconds(2) });
    }
}
