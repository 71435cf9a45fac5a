using System.Text.Json;
using Loophole.Cluster.Control;
using Loophole.Cluster.Protocol;

namespace Loophole.Cluster.Endpoint;

/// <summary>Carries out what the clients of a <see cref="PulseEndpoint"/> ask for. Safe for concurrent use: each client's commands come one by one, those of several at once.</summary>
public interface IEndpointDesk
{
    /// <summary>Carries out a command of a client that was let in. [any]</summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">Fires when the client has gone, or Pulse ends.</param>
    /// <returns>The answer's payload: a JSON object.</returns>
    /// <exception cref="ControlException">The command is refused; the code and message go to the client.</exception>
    ValueTask<JsonElement> HandleAsync(Envelope command, CancellationToken cancellationToken);
}
