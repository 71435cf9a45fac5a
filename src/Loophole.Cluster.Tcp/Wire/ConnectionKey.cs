using System.Security.Cryptography;

namespace Loophole.Cluster.Tcp.Wire;

/// <summary>What both ends of a connection know and nobody else: its id, and the secret that tickets are made with. Safe for concurrent use.</summary>
internal sealed class ConnectionKey
{
    public const int Size = IdSize + SecretSize;
    public const int TicketSize = 16;

    private const int IdSize = 16;
    private const int SecretSize = 32;

    private readonly byte[] _secret;

    private ConnectionKey(Guid id, byte[] secret)
    {
        Id = id;
        _secret = secret;
    }

    public Guid Id { get; }

    public static ConnectionKey Create() => Read(RandomNumberGenerator.GetBytes(Size));

    public static ConnectionKey Read(ReadOnlySpan<byte> source) => new(new Guid(source[..IdSize]), source[IdSize..Size].ToArray());

    public void Write(Span<byte> destination)
    {
        Id.TryWriteBytes(destination);
        _secret.CopyTo(destination[IdSize..]);
    }

    /// <summary>Writes the ticket of a preamble into it.</summary>
    public void Sign(Span<byte> preamble) => Ticket(preamble, preamble[Preamble.SignedSize..Preamble.Size]);

    /// <summary>Whether a preamble has the ticket that belongs to it. Takes the same time however wrong it is.</summary>
    public bool IsSigned(ReadOnlySpan<byte> preamble)
    {
        Span<byte> ticket = stackalloc byte[TicketSize];
        Ticket(preamble, ticket);
        return CryptographicOperations.FixedTimeEquals(ticket, preamble[Preamble.SignedSize..Preamble.Size]);
    }

    private void Ticket(ReadOnlySpan<byte> preamble, Span<byte> destination)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, preamble[..Preamble.SignedSize], whole);
        whole[..TicketSize].CopyTo(destination);
    }
}
