using System.Text.Json;
using Loophole.Cluster.Control;

namespace Loophole.Cluster.Protocol;

/// <summary>Takes what the peer sends on a control channel. Called one at a time, in the order sent. [handler]</summary>
/// <remarks>It may itself send requests over the same channel: their answers are taken while a call here waits.</remarks>
public interface IControlHandler
{
    /// <summary>Carries out a command. [handler]</summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">Fires when the channel ends or the loop is stopped.</param>
    /// <returns>The answer's payload: a JSON object.</returns>
    /// <exception cref="ControlException">The command is refused; the code and message go to the peer.</exception>
    ValueTask<JsonElement> HandleCommandAsync(Envelope command, CancellationToken cancellationToken);

    /// <summary>Takes an event or a snapshot. What it throws is logged. [handler]</summary>
    /// <param name="envelope">The event or snapshot.</param>
    /// <param name="cancellationToken">Fires when the channel ends or the loop is stopped.</param>
    /// <returns>Completes when it is dealt with.</returns>
    ValueTask HandleEventAsync(Envelope envelope, CancellationToken cancellationToken);
}
