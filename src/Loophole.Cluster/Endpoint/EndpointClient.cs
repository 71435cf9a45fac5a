using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Loophole.Cluster.Control;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Signals;
using Loophole.Cluster.Telemetry;
using Loophole.Cluster.Transports;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Endpoint;

/// <summary>One client of Pulse, from the hello that lets it in to its end.</summary>
internal sealed class EndpointClient : IControlHandler
{
    /// <summary>How long a client may take to say hello.</summary>
    private static readonly TimeSpan HelloDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Nothing that a client has to say is longer.</summary>
    private const int MaxEnvelope = 1 << 20;

    private readonly string _token;
    private readonly IClusterConnection _connection;
    private readonly IEndpointDesk _desk;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly StrangerChannel _channel;
    private readonly PipeControlChannel _control;
    private readonly TaskCompletionSource _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EndpointClient(string token, IClusterConnection connection, IEndpointDesk desk, ILoggerFactory loggers, TimeProvider time)
    {
        (_token, _connection, _desk, _time) = (token, connection, desk, time);
        _logger = loggers.CreateLogger<EndpointClient>();
        _channel = new StrangerChannel(connection.Control);
        _control = new PipeControlChannel(_channel, new PipeControlChannelOptions { Party = Party.Pulse, MaxEnvelopeLength = MaxEnvelope }, loggers, time);
    }

    /// <summary>Serves to the end. Never throws: what goes wrong here concerns this client only.</summary>
    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _connection.Closed);
        var reading = _control.RunAsync(this, ending.Token);
        try
        {
            await Task.WhenAny(reading, _admitted.Task.WaitAsync(HelloDeadline, _time, ending.Token)).Unwrap().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            ClusterLog.ClientEnded(_logger, failure.Message);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            _connection.Abort("The client is served no more.");
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _control.DisposeAsync().ConfigureAwait(false);
            await _connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    public ValueTask<JsonElement> HandleCommandAsync(Envelope command, CancellationToken cancellationToken)
    {
        if (command is { Domain: "client", Name: "hello" })
        {
            return new ValueTask<JsonElement>(Hello(Payload.Read<ClientHello>(command)));
        }

        return _admitted.Task.IsCompleted
            ? _desk.HandleAsync(command, cancellationToken)
            : throw new ControlException("noHello", "The first command is client.hello with the token of this Pulse.");
    }

    public ValueTask HandleEventAsync(Envelope envelope, CancellationToken cancellationToken) => default;

    private JsonElement Hello(ClientHello hello)
    {
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(hello.Token), Encoding.UTF8.GetBytes(_token)))
        {
            throw new ControlException("token", "That is not the token of this Pulse.");
        }

        _channel.Admit();
        _admitted.TrySetResult();
        return ClusterJson.ToElement(Empty.Instance);
    }
}
