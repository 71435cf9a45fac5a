using System.Text.Json;
using Loophole.Cluster.Control;
using Loophole.Cluster.Protocol;

namespace Loophole.Cluster.Hub;

/// <summary>For a connection on which the peer has nothing to ask.</summary>
internal sealed class SilentControlHandler : IControlHandler
{
    public static SilentControlHandler Instance { get; } = new();

    public ValueTask<JsonElement> HandleCommandAsync(Envelope command, CancellationToken cancellationToken) =>
        throw new ControlException("unknownName", $"Nothing is answered here: {command.Domain}.{command.Name}.");

    public ValueTask HandleEventAsync(Envelope envelope, CancellationToken cancellationToken) => default;
}
