namespace Loophole.Cluster.Messages;

/// <summary><c>client.hello</c>: what admits a Pulse or a host to a Signal; answered with its <c>NodeDescription</c>.</summary>
/// <param name="Protocol">Version of these messages; see <see cref="CurrentProtocol"/>.</param>
/// <param name="Role"><c>pulse</c> or <c>host</c>.</param>
/// <param name="Token">What Pulse gave the host to present; <see langword="null"/> from Pulse.</param>
internal sealed record HelloCommand(int Protocol, string Role, string? Token)
{
    public const int CurrentProtocol = 3;
    public const string PulseRole = "pulse";
    public const string HostRole = "host";
}
