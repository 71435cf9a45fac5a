using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Protocol;

/// <summary>What one TLS handshake learns of its peer. Any node with a sound certificate passes: whom to trust is decided above, by fingerprint.</summary>
/// <remarks>One instance per handshake. Certificates are their own roots, so chains, names and revocation lists say nothing and are not looked at;
/// that the peer holds the private key is proven by the handshake itself.</remarks>
/// <param name="time">The clock that validity is judged by.</param>
public sealed class PeerCertificateCheck(TimeProvider time)
{
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>Why the certificate was refused, for a log; <see langword="null"/> as long as it was not. [handshake]</summary>
    public string? Fault { get; private set; }

    /// <summary>The peer, once its certificate has passed. [handshake]</summary>
    public NodeFingerprint? Fingerprint { get; private set; }

    /// <summary>Judges a certificate; a <see cref="RemoteCertificateValidationCallback"/>. [handshake]</summary>
    /// <param name="sender">Not looked at.</param>
    /// <param name="certificate">What the peer presents.</param>
    /// <param name="chain">Not looked at.</param>
    /// <param name="errors">Not looked at.</param>
    /// <returns>Whether the handshake may go on.</returns>
    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Fault = FindFault(certificate);
        Fingerprint = Fault is null ? NodeFingerprint.Of(certificate!.GetRawCertData()) : null;
        return Fault is null;
    }

    private string? FindFault(X509Certificate? certificate)
    {
        if (certificate is not X509Certificate2 whole)
        {
            return "the peer presented no certificate";
        }

        var now = time.GetUtcNow();
        using var key = whole.GetECDsaPublicKey();
        return key is null || key.KeySize != 256 || key.ExportParameters(false).Curve.Oid.Value != P256 ? "the peer's key is not ECDSA P-256"
            : now > whole.NotAfter.ToUniversalTime() ? "the peer's certificate has expired"
            : now < whole.NotBefore.ToUniversalTime() ? "the peer's certificate is not valid yet"
            : null;
    }
}
