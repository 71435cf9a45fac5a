using System.Text.Json;
using Loophole.Cluster.Control;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Settings;
using Loophole.Cluster.Transports;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Endpoint;

/// <summary>A client of a Pulse that is served: asks it for what it can do. Safe for concurrent use.</summary>
public sealed class PulseClient : IControlHandler, IAsyncDisposable
{
    private readonly IClusterConnection _connection;
    private readonly PipeControlChannel _control;
    private Task _reading = Task.CompletedTask;

    private PulseClient(IClusterConnection connection, ILoggerFactory? loggers, TimeProvider? time)
    {
        _connection = connection;
        _control = new PipeControlChannel(connection.Control, new PipeControlChannelOptions { Party = Party.Aura }, loggers, time);
    }

    /// <summary>Connects and says hello. [any]</summary>
    /// <param name="transport">Reaches the endpoint. The caller disposes it, after the client.</param>
    /// <param name="address">Where Pulse is served (<see cref="EndpointFile.Find"/>).</param>
    /// <param name="loggers">For logs, or <see langword="null"/> for none.</param>
    /// <param name="time">The clock, or <see langword="null"/> for the system's.</param>
    /// <param name="cancellationToken">Stops the attempt.</param>
    /// <returns>The client; the caller disposes it.</returns>
    /// <exception cref="TransportException">Nobody answers there.</exception>
    /// <exception cref="ControlException">It does not take the token, or does not answer.</exception>
    public static async Task<PulseClient> ConnectAsync(IClusterTransport transport, EndpointAddress address, ILoggerFactory? loggers = null, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(address);
        var client = new PulseClient(await transport.ConnectAsync(address.EndPoint, cancellationToken).ConfigureAwait(false), loggers, time);
        try
        {
            client._reading = client._control.RunAsync(client, client._connection.Closed);
            await client.AskAsync<Empty, ClientHello>("client", "hello", new ClientHello(address.Token), cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Asks how the cluster is. [any]</summary>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>How it is.</returns>
    /// <exception cref="ControlException">Refused, timed out, or the connection is lost.</exception>
    public Task<ClusterStatus> ReadStatusAsync(CancellationToken cancellationToken = default) => AskAsync<ClusterStatus, Empty>("cluster", "status", Empty.Instance, cancellationToken);

    /// <summary>Changes what is set. It holds at once, and is kept. [any]</summary>
    /// <param name="change">What is to be otherwise.</param>
    /// <param name="cancellationToken">Stops the wait; it may still be changed.</param>
    /// <returns>How the cluster is then.</returns>
    /// <exception cref="ControlException">Refused, timed out, or the connection is lost.</exception>
    public Task<ClusterStatus> ChangeAsync(SettingsChange change, CancellationToken cancellationToken = default) => AskAsync<ClusterStatus, SettingsChange>("cluster", "change", change, cancellationToken);

    /// <summary>Tries nodes that are not in the session now, and gives work again to those from which it was taken back. [any]</summary>
    /// <param name="node">The name of a node, or <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Stops the wait; it may still be done.</param>
    /// <returns>How the cluster is then; who is tried may join a moment later.</returns>
    /// <exception cref="ControlException">Refused, as there is no such node; timed out, or the connection is lost.</exception>
    public Task<ClusterStatus> RetryAsync(string? node = null, CancellationToken cancellationToken = default) => AskAsync<ClusterStatus, NodeChoice>("cluster", "retry", new NodeChoice(node), cancellationToken);

    /// <summary>Takes work back from nodes, and gives them none until <see cref="RetryAsync"/>. Not kept: a Pulse that is served anew knows nothing of it. [any]</summary>
    /// <param name="node">The name of a node, or <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Stops the wait; it may still be done.</param>
    /// <returns>How the cluster is then.</returns>
    /// <exception cref="ControlException">Refused, as there is no such node; timed out, or the connection is lost.</exception>
    public Task<ClusterStatus> TakeBackAsync(string? node = null, CancellationToken cancellationToken = default) => AskAsync<ClusterStatus, NodeChoice>("cluster", "takeBack", new NodeChoice(node), cancellationToken);

    /// <summary>Asks where playing is. [any]</summary>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>Where it is.</returns>
    /// <exception cref="ControlException">Refused, as no project is served; timed out, or the connection is lost.</exception>
    public Task<TransportState> ReadTransportAsync(CancellationToken cancellationToken = default) => AskAsync<TransportState, Empty>("transport", "state", Empty.Instance, cancellationToken);

    /// <summary>Lets project time run, or stand still. [any]</summary>
    /// <param name="isPlaying">Whether it runs.</param>
    /// <param name="returns">When it is to stand still: whether it goes back to where playing started.</param>
    /// <param name="cancellationToken">Stops the wait; it may still be done.</param>
    /// <returns>Where playing is then.</returns>
    /// <exception cref="ControlException">Refused, as no project is served; timed out, or the connection is lost.</exception>
    public Task<TransportState> SetPlayingAsync(bool isPlaying, bool returns = false, CancellationToken cancellationToken = default) =>
        AskAsync<TransportState, Empty>("transport", isPlaying ? "play" : returns ? "stop" : "pause", Empty.Instance, cancellationToken);

    /// <summary>Goes elsewhere. [any]</summary>
    /// <param name="projectFrame">Where to; 0 or more.</param>
    /// <param name="cancellationToken">Stops the wait; it may still be done.</param>
    /// <returns>Where playing is then.</returns>
    /// <exception cref="ControlException">Refused, as no project is served or the frame is none; timed out, or the connection is lost.</exception>
    public Task<TransportState> SeekAsync(long projectFrame, CancellationToken cancellationToken = default) =>
        AskAsync<TransportState, SeekCommand>("transport", "seek", new SeekCommand(projectFrame), cancellationToken);

    /// <summary>Ends the connection.</summary>
    /// <returns>Completes when it is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        await _control.DisposeAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    ValueTask<JsonElement> IControlHandler.HandleCommandAsync(Envelope command, CancellationToken cancellationToken) =>
        throw new ControlException("unknownName", $"A client answers no {command.Domain}.{command.Name}.");

    ValueTask IControlHandler.HandleEventAsync(Envelope envelope, CancellationToken cancellationToken) => default;

    private async Task<TAnswer> AskAsync<TAnswer, TCommand>(string domain, string name, TCommand command, CancellationToken cancellationToken) =>
        Payload.Read<TAnswer>(await _control.RequestAsync(Party.Pulse, domain, name, ClusterJson.ToElement(command), cancellationToken).ConfigureAwait(false));
}
