using System.Security.Cryptography;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Signals;

/// <summary>Pulse's word for a host that will connect: good once, for one certificate, for a short time.</summary>
internal sealed class HostTicket
{
    public const int TokenLength = 32;

    private const int MaxLifetimeMilliseconds = 600_000;

    private readonly byte[] _token;
    private readonly NodeFingerprint? _host;
    private readonly TimeSpan _lifetime;
    private readonly long _issued;
    private readonly TimeProvider _time;

    /// <exception cref="ControlException">The command cannot be meant.</exception>
    public HostTicket(ExpectHostCommand command, TimeProvider time)
    {
        if (command.LifetimeMilliseconds is < 1 or > MaxLifetimeMilliseconds)
        {
            throw new ControlException("badPayload", $"A token lives 1 to {MaxLifetimeMilliseconds} ms.");
        }

        _token = HexField.Read(command.Token, TokenLength, "token");
        (_host, _lifetime, _time) = (command.Host, TimeSpan.FromMilliseconds(command.LifetimeMilliseconds), time);
        _issued = time.GetTimestamp();
    }

    /// <summary>Why whoever presents a token is not the host announced, or <see langword="null"/>. What is wrong with a ticket is told only to who has its token. [any]</summary>
    public static string? FindFault(HostTicket? expected, string? token, NodeFingerprint? peer) =>
        expected is null || !expected.Has(token) ? "The token was not announced, or was used before."
        : expected._time.GetElapsedTime(expected._issued) >= expected._lifetime ? "The token has expired."
        : peer != expected._host ? "The token was announced for another certificate."
        : null;

    private bool Has(string? token) => token is not null && CryptographicOperations.FixedTimeEquals(_token, HexField.Read(token, TokenLength, "token"));
}
