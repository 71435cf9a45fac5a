using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Registry;
using Loophole.Cluster.Tcp;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Tests.Support;

/// <summary>A Pulse, a host and a satellite, each with an identity and a trust store of its own; over TLS, or over a network that looks like it.</summary>
internal sealed class Guild : IAsyncDisposable
{
    private readonly CertifiedNetwork? _memory;
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _serving = [];
    private readonly List<IAsyncDisposable> _transports = [];

    private Guild(bool tls) => _memory = tls ? null : new CertifiedNetwork();

    public FakeSinks Sinks { get; } = new();

    public FakeMedia Media { get; } = new();

    public Member Pulse { get; private set; } = null!;

    public Member Host { get; private set; } = null!;

    public Member Satellite { get; private set; } = null!;

    public CertifiedNetwork Memory => _memory!;

    /// <param name="tls">Over real sockets and certificates.</param>
    /// <param name="pulseKey">What Pulse knows.</param>
    /// <param name="signalKey">What the Signals know.</param>
    /// <param name="rules">What goes in every store.</param>
    public static async Task<Guild> StartAsync(bool tls, JoinKey? pulseKey = null, JoinKey? signalKey = null, TrustRules? rules = null)
    {
        var guild = new Guild(tls);
        guild.Pulse = guild.NewMember("pulse", pulseKey, rules);
        guild.Host = await guild.ServeAsync(guild.NewMember("host", signalKey, rules), NodeRole.Host);
        guild.Satellite = await guild.ServeAsync(guild.NewMember("satellite", signalKey, rules), NodeRole.Satellite);
        return guild;
    }

    /// <summary>Lets two trust each other without asking.</summary>
    public static async Task AcquaintAsync(Member one, Member other)
    {
        foreach (var (knows, known) in new[] { (one, other), (other, one) })
        {
            await knows.Store.AddPendingAsync(known.Credentials.Fingerprint, known.Name, PeerKind.Lan, DateTimeOffset.UnixEpoch, Wait.Token);
            await knows.Store.AcceptAsync(known.Credentials.Fingerprint, DateTimeOffset.UnixEpoch, cancellationToken: Wait.Token);
        }
    }

    public Member NewMember(string name, JoinKey? key = null, TrustRules? rules = null)
    {
        var credentials = NodeCredentials.Create(name);
        var transport = _memory?.For(credentials.Fingerprint) ?? new TcpTransport(new TcpTransportOptions { Credentials = credentials });
        _transports.Add(transport);
        var store = new MemoryTrustStore(new TrustSnapshot { Rules = rules ?? new TrustRules() });
        return new Member(name, credentials, transport, store, new NodeTrust { Self = credentials.Fingerprint, Store = store, JoinKey = key });
    }

    public async Task<Member> ServeAsync(Member member, NodeRole role, TimeProvider? time = null)
    {
        var listener = await member.Transport.ListenAsync(new Uri(_memory is null ? "tcp://127.0.0.1:0" : $"memory://{member.Name}"), Wait.Token);
        var service = new SignalService(new SignalOptions { Name = member.Name, Role = role, Trust = member.Trust }, member.Transport, member.Renderers, new FakeMedia(), Sinks, null, null, time);
        _serving.Add(service.RunAsync(listener, _ending.Token));
        return member with { EndPoint = listener.LocalEndPoint };
    }

    public RenderCoordinator Coordinate() => new(
        new RenderCoordinatorOptions { Name = Pulse.Name, Trust = Pulse.Trust, LostAfter = TimeSpan.FromSeconds(30), CommandTimeout = TimeSpan.FromSeconds(30) },
        Pulse.Transport, new ClusterRegistry(), new ChannelPartitioner(), new FakeProcessors(), Media);

    /// <summary>Why Pulse does not get to work with a Signal.</summary>
    public async Task<string> RefusedAsync(Member signal)
    {
        await using var coordinator = Coordinate();
        var refused = await Assert.ThrowsAsync<ClusterException>(() => coordinator.ConnectAsync(signal.EndPoint, Wait.Token));
        Assert.Equal(ClusterError.NodeRefused, refused.Error);
        return refused.Message;
    }

    public async Task<RenderResult> RenderAsync(RenderRequest request)
    {
        await using var coordinator = Coordinate();
        await coordinator.ConnectAsync(Host.EndPoint, Wait.Token);
        await coordinator.ConnectAsync(Satellite.EndPoint, Wait.Token);
        return await Wait.For(coordinator.RenderAsync(request, null, Wait.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_serving).WaitAsync(Wait.Deadline);
        foreach (var transport in _transports)
        {
            await transport.DisposeAsync();
        }

        if (_memory is not null)
        {
            await _memory.DisposeAsync();
        }

        _ending.Dispose();
        Assert.Equal(0, Sinks.Open);
    }

    internal sealed record Member(string Name, NodeCredentials Credentials, IClusterTransport Transport, MemoryTrustStore Store, NodeTrust Trust)
    {
        public Uri EndPoint { get; init; } = new("none:");

        public FakeRenderers Renderers { get; } = new();

        public TrustedPeer? Knows(Member other) => Store.Current.Find(other.Credentials.Fingerprint);
    }
}
