using System.Text.Json;
using Loophole.Cluster.Control;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tests.Support;

/// <summary>A peer of a Signal that says whatever a test wants.</summary>
internal sealed class RawPulse : IControlHandler, IAsyncDisposable
{
    private readonly PipeControlChannel _control;

    private RawPulse(IClusterConnection connection)
    {
        Connection = connection;
        _control = new PipeControlChannel(connection.Control, new PipeControlChannelOptions { Party = Party.Pulse, RequestTimeout = Wait.Deadline });
        _ = _control.RunAsync(this, connection.Closed);
    }

    public IClusterConnection Connection { get; }

    public static async Task<RawPulse> ConnectAsync(Studio studio, int node, string role = HelloCommand.PulseRole, string? token = null)
    {
        var pulse = await ConnectAsync(studio.Network, studio.Nodes[node].EndPoint);
        await pulse.HelloAsync(role, token);
        return pulse;
    }

    /// <summary>Connects, and says nothing yet.</summary>
    public static async Task<RawPulse> ConnectAsync(IClusterTransport network, Uri endPoint) => new(await network.ConnectAsync(endPoint, Wait.Token));

    public Task HelloAsync(string role = HelloCommand.PulseRole, string? token = null) => AskAsync("client", "hello", new HelloCommand(HelloCommand.CurrentProtocol, role, token));

    public Task<Envelope> AskAsync<T>(string domain, string name, T command) => _control.RequestAsync(Party.Signal, domain, name, ClusterJson.ToElement(command), Wait.Token);

    public async Task<ControlException> RefusedAsync<T>(string domain, string name, T command) => await Assert.ThrowsAsync<ControlException>(() => AskAsync(domain, name, command));

    /// <summary>Asks and reads the answer.</summary>
    public async Task<TAnswer> AskAsync<TAnswer, TCommand>(string domain, string name, TCommand command) => Payload.Read<TAnswer>(await AskAsync(domain, name, command));

    public ValueTask<JsonElement> HandleCommandAsync(Envelope command, CancellationToken cancellationToken) => throw new ControlException("unknownName", "no");

    public ValueTask HandleEventAsync(Envelope envelope, CancellationToken cancellationToken) => default;

    public async ValueTask DisposeAsync()
    {
        await _control.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
