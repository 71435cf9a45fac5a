namespace Loophole.Engine.Processors.State;

/// <summary>FNV-1a (Fowler, Noll, Vo) over 32-bit words instead of bytes. Finds accidents, not forgery.</summary>
internal struct StateChecksum
{
    private const ulong OffsetBasis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public StateChecksum(string kind)
    {
        Value = OffsetBasis;
        foreach (var letter in kind)
        {
            Add(letter);
        }
    }

    public ulong Value { get; private set; }

    public void Add(uint word)
    {
        // The rotation brings differences of the high bits, which the product never carries down, into the low ones.
        Value = ulong.RotateLeft((Value ^ word) * Prime, 29);
    }
}
