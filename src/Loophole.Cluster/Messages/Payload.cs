using System.Text.Json;
using Loophole.Cluster.Control;
using Loophole.Cluster.Protocol;

namespace Loophole.Cluster.Messages;

/// <summary>Reads the payload of an envelope.</summary>
internal static class Payload
{
    /// <exception cref="ControlException">It is not what the command's name promises.</exception>
    public static T Read<T>(Envelope envelope)
    {
        try
        {
            return ClusterJson.FromElement<T>(envelope.Payload);
        }
        catch (Exception malformed) when (malformed is JsonException or NotSupportedException)
        {
            throw new ControlException("badPayload", $"The payload of {envelope.Domain}.{envelope.Name} is not valid: {malformed.Message}", innerException: malformed);
        }
    }
}
