using Loophole.Cluster.Telemetry;
using Loophole.Cluster.Transports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Loophole.Cluster.Endpoint;

/// <summary>Where the programs of one user talk to his Pulse: the user interface, and commands. They speak envelopes (IPC version 1) on the control channel of a connection, and first say
/// <c>client.hello</c> with the token of the <see cref="EndpointFile"/>.</summary>
public sealed class PulseEndpoint
{
    /// <summary>Clients at a time.</summary>
    internal const int MaxClients = 64;

    private readonly string _token;
    private readonly IEndpointDesk _desk;
    private readonly ILogger _logger;
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;

    /// <summary>Makes an endpoint; it does nothing before <see cref="RunAsync"/>.</summary>
    /// <param name="token">What lets a client in.</param>
    /// <param name="desk">Carries out what clients ask for.</param>
    /// <param name="loggers">For logs, or <see langword="null"/> for none.</param>
    /// <param name="time">The clock, or <see langword="null"/> for the system's.</param>
    public PulseEndpoint(string token, IEndpointDesk desk, ILoggerFactory? loggers = null, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        ArgumentNullException.ThrowIfNull(desk);
        (_token, _desk) = (token, desk);
        _loggers = loggers ?? NullLoggerFactory.Instance;
        _logger = _loggers.CreateLogger<PulseEndpoint>();
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Serves until the token fires. Called once. [any]</summary>
    /// <param name="listener">Where clients connect; disposed at the end.</param>
    /// <param name="cancellationToken">Ends the service; the task then completes normally.</param>
    /// <returns>Completes when no client is served any more.</returns>
    public async Task RunAsync(IClusterListener listener, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(listener);
        var serving = new List<Task>();
        await using (listener.ConfigureAwait(false))
        {
            try
            {
                while (await listener.AcceptAsync(cancellationToken).ConfigureAwait(false) is { } connection)
                {
                    serving.RemoveAll(served => served.IsCompleted);
                    if (serving.Count >= MaxClients)
                    {
                        ClusterLog.TooManyClients(_logger, MaxClients);
                        connection.Abort("Too many clients.");
                        await connection.DisposeAsync().ConfigureAwait(false);
                        continue;
                    }

                    serving.Add(new EndpointClient(_token, connection, _desk, _loggers, _time).ServeAsync(cancellationToken));
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The service is to end.
            }
        }

        await Task.WhenAll(serving).ConfigureAwait(false);
    }
}
