namespace Loophole.Cluster.Trust;

/// <summary>Codes by which peers tell each other that they do not trust them.</summary>
internal static class RefusalCode
{
    public const string Pending = "pending";
    public const string PendingFull = "pendingFull";
    public const string Revoked = "revoked";
    public const string Closed = "closed";
    public const string WrongKey = "wrongKey";
    public const string Insecure = "insecure";
    public const string NoTrust = "noTrust";
    public const string Unpaired = "unpaired";
}
