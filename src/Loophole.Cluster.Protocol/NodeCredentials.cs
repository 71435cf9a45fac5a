using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Protocol;

/// <summary>A node's certificate with its private key, and the one set of TLS settings that every transport uses: 1.3 only, certificates on both
/// sides, no resumption. Safe for concurrent use.</summary>
public sealed class NodeCredentials : IDisposable
{
    /// <summary>What both ends must name in the handshake (ALPN), so that nothing else is ever spoken by mistake.</summary>
    public static readonly SslApplicationProtocol ApplicationProtocol = new("loophole/1");

    private static readonly TimeSpan Validity = TimeSpan.FromDays(3650);
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromDays(1);

    private readonly SslStreamCertificateContext _context;

    /// <summary>Takes a certificate.</summary>
    /// <param name="certificate">ECDSA P-256 with its private key; this object's from now on.</param>
    /// <exception cref="ArgumentException">It is of another kind, or has no private key.</exception>
    public NodeCredentials(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        using var key = certificate.GetECDsaPrivateKey();
        if (key is null || key.KeySize != 256)
        {
            throw new ArgumentException("A node's certificate is ECDSA P-256 and comes with its private key.", nameof(certificate));
        }

        Certificate = certificate;
        Fingerprint = NodeFingerprint.Of(certificate.RawData);
        _context = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
    }

    /// <summary>The certificate. [any]</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Who this node is. [any]</summary>
    public NodeFingerprint Fingerprint { get; }

    /// <summary>Makes a new identity: a fresh key, signed by itself, valid for ten years. [any]</summary>
    /// <param name="name">The subject, for people; says nothing about identity.</param>
    /// <param name="time">The clock; <see langword="null"/> for the system's.</param>
    /// <returns>The identity; the caller disposes it.</returns>
    public static NodeCredentials Create(string name, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        var now = (time ?? TimeProvider.System).GetUtcNow();
        return new NodeCredentials(request.CreateSelfSigned(now - ClockTolerance, now + Validity));
    }

    /// <summary>Settings of a handshake as server. [any]</summary>
    /// <param name="check">Judges the peer; one per handshake.</param>
    /// <returns>The settings.</returns>
    public SslServerAuthenticationOptions ServerOptions(PeerCertificateCheck check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _context,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = [ApplicationProtocol],
            AllowRenegotiation = false,
            AllowTlsResume = false,
            CertificateChainPolicy = NoChain(),
            RemoteCertificateValidationCallback = check.Validate,
        };
    }

    /// <summary>Settings of a handshake as client. [any]</summary>
    /// <param name="check">Judges the peer; one per handshake.</param>
    /// <returns>The settings.</returns>
    public SslClientAuthenticationOptions ClientOptions(PeerCertificateCheck check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return new SslClientAuthenticationOptions
        {
            // Names are not identities here; this one only fills the handshake's field.
            TargetHost = "loophole",
            ClientCertificateContext = _context,
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = [ApplicationProtocol],
            AllowRenegotiation = false,
            AllowTlsResume = false,
            CertificateChainPolicy = NoChain(),
            RemoteCertificateValidationCallback = check.Validate,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => Certificate.Dispose();

    /// <summary>Nothing a hostile certificate names is ever downloaded, and no store of the machine is asked.</summary>
    private static X509ChainPolicy NoChain() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
        VerificationFlags = X509VerificationFlags.AllFlags,
    };
}
