using Loophole.Cluster.Quic;
using Loophole.Cluster.Transports;

namespace Loophole.Samples;

/// <summary>Whether what <c>--transport</c> chooses can be had; part of Pulse and of Signal.</summary>
internal static class TransportCheck
{
    /// <summary>Makes sure of it.</summary>
    /// <param name="choice">Which.</param>
    /// <param name="insecureLoopback">Whether there are no certificates.</param>
    /// <exception cref="ArgumentException">QUIC is chosen, without certificates.</exception>
    /// <exception cref="TransportException">QUIC is chosen, and cannot be used here.</exception>
    public static void Require(TransportChoice choice, bool insecureLoopback)
    {
        if (choice == TransportChoice.Quic && insecureLoopback)
        {
            throw new ArgumentException("QUIC is never without encryption: --insecure-loopback excludes --transport quic.");
        }

        if (choice == TransportChoice.Quic && QuicTransport.UnsupportedReason is { } reason)
        {
            throw new TransportException(TransportError.NoCommonTransport, $"--transport quic cannot be used here. {reason}");
        }
    }
}
