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
        var pulse = new RawPulse(await studio.Network.ConnectAsync(studio.Nodes[node].EndPoint, Wait.Token));
        await pulse.AskAsync("client", "hello", new HelloCommand(HelloCommand.CurrentProtocol, role, token));
        return pulse;
    }

    public Task<Envelope> AskAsync<T>(string domain, string name, T command) => _control.RequestAsync(Party.Signal, domain, name, ClusterJson.ToElement(command), Wait.Token);

    public async Task<ControlException> RefusedAsync<T>(string domain, string name, T command) => await Assert.ThrowsAsync<ControlException>(() => AskAsync(domain, name, command));

    public ValueTask<JsonElement> HandleCommandAsync(Envelope command, CancellationToken cancellationToken) => throw new ControlException("unknownName", "no");

    public ValueTask HandleEventAsync(Envelope envelope, CancellationToken cancellationToken) => default;

    public async ValueTask DisposeAsync()
    {
        await _control.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
