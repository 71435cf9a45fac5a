using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Loophole.Cluster.Protocol;

namespace Loophole.Cluster.Trust;

/// <summary>A node's certificate and private key, kept in one file: made on the first start, the same ever after, never overwritten.</summary>
public static class NodeIdentity
{
    /// <summary>Name of the file in its folder: the private key (PKCS #8) and the certificate, both as PEM.</summary>
    public const string FileName = "identity.pem";

    private const int MaxFileLength = 64 * 1024;

    /// <summary>Reads the identity, and makes one before when there is none. Several processes may do so at a time; they get the same. [any]</summary>
    /// <param name="folder">Where it is kept; made with mode 0700 when it is not there.</param>
    /// <param name="name">The subject of a new one, for people.</param>
    /// <param name="time">The clock; <see langword="null"/> for the system's.</param>
    /// <returns>The identity; the caller disposes it.</returns>
    /// <exception cref="TrustException">Others may use folder or file, the file holds something else or a certificate that has expired, or it cannot be read or written.</exception>
    public static NodeCredentials OpenOrCreate(string folder, string name, TimeProvider? time = null)
    {
        PrivateFiles.EnsureFolder(folder);
        var path = Path.Combine(Path.GetFullPath(folder), FileName);
        if (PrivateFiles.TryRead(path, MaxFileLength) is { } known)
        {
            return Read(path, known, time);
        }

        using (var made = NodeCredentials.Create(name, time))
        {
            // Whoever is faster makes it; the other one reads that.
            PrivateFiles.TryCreate(path, Encoding.ASCII.GetBytes(ToPem(made.Certificate)));
        }

        return Read(path, PrivateFiles.TryRead(path, MaxFileLength) ?? throw new TrustException(TrustError.Unavailable, $"{path} has just been taken away."), time);
    }

    private static string ToPem(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return $"{key.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n";
    }

    private static NodeCredentials Read(string path, byte[] bytes, TimeProvider? time)
    {
        NodeCredentials credentials;
        try
        {
            var pem = Encoding.ASCII.GetString(bytes);
            credentials = new NodeCredentials(X509Certificate2.CreateFromPem(pem, pem));
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            // Not the cause's own words: they may come from the middle of the key.
            throw new TrustException(TrustError.Corrupt, $"{path} is not a node's identity (a P-256 key and its certificate). It is left as it is; without it this node is unknown to its peers.", failure);
        }

        var now = (time ?? TimeProvider.System).GetUtcNow();
        if (now >= credentials.Certificate.NotBefore && now <= credentials.Certificate.NotAfter)
        {
            return credentials;
        }

        var (from, to) = (credentials.Certificate.NotBefore.ToUniversalTime(), credentials.Certificate.NotAfter.ToUniversalTime());
        credentials.Dispose();
        throw new TrustException(TrustError.Corrupt, $"The certificate in {path} is valid from {from:u} to {to:u}; peers will refuse it. Take the file away to become a new node that has to be trusted anew.");
    }
}
