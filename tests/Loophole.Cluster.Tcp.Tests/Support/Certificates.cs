using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Loophole.Cluster.Tcp.Tests.Support;

/// <summary>Certificates, sound and otherwise, all signed by themselves.</summary>
internal static class Certificates
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    public static X509Certificate2 Sound() => Elliptic(ECCurve.NamedCurves.nistP256, -1, 1);

    public static X509Certificate2 Expired() => Elliptic(ECCurve.NamedCurves.nistP256, -2, -1);

    public static X509Certificate2 NotYetValid() => Elliptic(ECCurve.NamedCurves.nistP256, 1, 2);

    public static X509Certificate2 P384() => Elliptic(ECCurve.NamedCurves.nistP384, -1, 1);

    public static X509Certificate2 Rsa()
    {
        using var key = RSA.Create(2048);
        return new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pss).CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
    }

    private static X509Certificate2 Elliptic(ECCurve curve, int firstDay, int lastDay)
    {
        using var key = ECDsa.Create(curve);
        return new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256).CreateSelfSigned(Now.AddDays(firstDay), Now.AddDays(lastDay));
    }
}
