namespace Loophole.Cluster.Messages;

/// <summary><c>client.hello</c>: what admits a Pulse or a host to a Signal; answered with its <c>NodeDescription</c>.</summary>
/// <param name="Protocol">Version of these messages; see <see cref="CurrentProtocol"/>.</param>
/// <param name="Role"><c>pulse</c> or <c>host</c>.</param>
/// <param name="Token">What Pulse gave the host to present; <see langword="null"/> from Pulse.</param>
/// <param name="BeatMilliseconds">How often Pulse, from which alone it counts, wants to hear something; see <see cref="IsBeat"/>.</param>
internal sealed record HelloCommand(int Protocol, string Role, string? Token, int BeatMilliseconds = HelloCommand.SlowestBeat)
{
    public const int CurrentProtocol = 4;

    /// <summary>Nobody is asked to say something less often, in milliseconds.</summary>
    public const int SlowestBeat = 500;

    private const int FastestBeat = 10;

    public const string PulseRole = "pulse";
    public const string HostRole = "host";

    /// <summary>Whether somebody can be asked to say something so often. [any]</summary>
    public static bool IsBeat(int milliseconds) => milliseconds is >= FastestBeat and <= SlowestBeat;
}
