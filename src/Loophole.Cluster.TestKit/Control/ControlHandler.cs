using System.Text.Json;
using Loophole.Cluster.Control;
using Loophole.Cluster.Protocol;

namespace Loophole.Cluster.TestKit.Control;

/// <summary>A handler made of two functions.</summary>
internal sealed class ControlHandler(Func<Envelope, CancellationToken, ValueTask<JsonElement>> command, Func<Envelope, ValueTask>? tell = null) : IControlHandler
{
    public static ControlHandler Echo { get; } = new((command, _) => ValueTask.FromResult(command.Payload));

    public ValueTask<JsonElement> HandleCommandAsync(Envelope envelope, CancellationToken cancellationToken) => command(envelope, cancellationToken);

    public ValueTask HandleEventAsync(Envelope envelope, CancellationToken cancellationToken) => tell?.Invoke(envelope) ?? default;
}
