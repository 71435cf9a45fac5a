using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Registry;
using Loophole.Cluster.Tests.Transports;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tests.Support;

/// <summary>Signals and a Pulse that each have some of two networks, called <c>tcp</c> and <c>quic</c>.</summary>
internal sealed class Exchange : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _serving = [];
    private readonly List<TransportSet> _sets = [];
    private readonly Dictionary<string, NamedTransport> _networks = new()
    {
        ["tcp"] = new NamedTransport("tcp", TransportSecurity.SameMachine),
        ["quic"] = new NamedTransport("quic", TransportSecurity.SameMachine),
    };

    public FakeSinks Sinks { get; } = new();

    /// <summary>Where somebody was dialled, in order.</summary>
    public IEnumerable<Uri> Dialled(string scheme) => _networks[scheme].Dialled;

    /// <summary>Starts a Signal that has the networks of its endpoints, and listens there.</summary>
    /// <param name="role">Host or satellite.</param>
    /// <param name="endPoints">As words.</param>
    /// <param name="options">By what it dials.</param>
    public async Task ServeAsync(NodeRole role, string endPoints, TransportSetOptions? options = null)
    {
        var places = endPoints.Split(' ').Select(endPoint => new Uri(endPoint)).ToArray();
        var set = Set([.. places.Select(place => place.Scheme)], options);
        var listeners = new List<IClusterListener>();
        foreach (var place in places)
        {
            listeners.Add(await set.ListenAsync(place, Wait.Token));
        }

        var service = new SignalService(new SignalOptions { Name = $"the {role}", Role = role }, set, new FakeRenderers(), new FakeMedia(), Sinks);
        _serving.Add(service.RunAsync(new JoinedListener(listeners), _ending.Token));
    }

    /// <summary>Makes a Pulse that has some of the networks.</summary>
    public RenderCoordinator Coordinate(string schemes, TransportChoice choice = TransportChoice.Auto) => new(
        new RenderCoordinatorOptions { LostAfter = TimeSpan.FromSeconds(30), CommandTimeout = TimeSpan.FromSeconds(30) },
        Set(schemes.Split(' '), new TransportSetOptions { Choice = choice }), new ClusterRegistry(), new ChannelPartitioner(), new FakeProcessors(), new FakeMedia());

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_serving).WaitAsync(Wait.Deadline);
        foreach (var set in _sets)
        {
            await set.DisposeAsync();
        }

        _ending.Dispose();
        Assert.Equal(0, Sinks.Open);
    }

    private TransportSet Set(string[] schemes, TransportSetOptions? options)
    {
        _sets.Add(new TransportSet([.. schemes.Select(scheme => _networks[scheme])], options));
        return _sets[^1];
    }
}
