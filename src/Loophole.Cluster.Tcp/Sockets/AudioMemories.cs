using System.Buffers;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>The memory that the two ends of an audio channel take turns with. Whoever needs some gets what was used last: it is still near the processor, and after a pause of a block
/// period everything else is far away.</summary>
/// <remarks>Each end holds one piece at the most, and none when it has nothing in it. Safe from any thread. No reference is stored but when a piece is made.</remarks>
internal sealed class AudioMemories(MemoryPool<byte> pool, int size, int ends)
{
    private const int None = 0;
    private const int First = 1;
    private const int Second = 2;
    private const int BothAndSecondLast = 3;
    private const int BothAndFirstLast = 4;

    private readonly AudioMemory?[] _pieces = new AudioMemory?[ends];
    private int _made;
    private int _left;

    // Which pieces nobody holds.
    private int _free = None;

    /// <summary>Takes the piece that was used last, or rents one.</summary>
    public AudioMemory Take()
    {
        while (true)
        {
            var free = Volatile.Read(ref _free);
            if (free == None)
            {
                return Rent(Interlocked.Increment(ref _made) - 1, size);
            }

            var place = free is First or BothAndFirstLast ? 0 : 1;
            var rest = free switch
            {
                BothAndFirstLast => Second,
                BothAndSecondLast => First,
                _ => None,
            };
            if (Interlocked.CompareExchange(ref _free, rest, free) == free)
            {
                return _pieces[place]!;
            }
        }
    }

    /// <summary>As <see cref="Take()"/>, for an end that keeps the piece it had last. Mostly it is the same, and a reference that is stored leads through the collector's tables.</summary>
    public void Take(ref AudioMemory? last)
    {
        var piece = Take();
        if (piece != last)
        {
            last = piece;
        }
    }

    /// <summary>Gives a piece back that nobody looks at any more.</summary>
    public void Give(AudioMemory piece)
    {
        while (true)
        {
            var free = Volatile.Read(ref _free);
            var all = (free, piece.Place) switch
            {
                (None, 0) => First,
                (None, _) => Second,
                (_, 0) => BothAndFirstLast,
                _ => BothAndSecondLast,
            };
            if (Interlocked.CompareExchange(ref _free, all, free) == free)
            {
                return;
            }
        }
    }

    /// <summary>Rents a larger piece in the place of one that is held. The one before is the caller's to dispose.</summary>
    public AudioMemory Replace(AudioMemory piece, int least) => Rent(piece.Place, least);

    /// <summary>Ends the use by one end, which has given back what it held. What is rented goes back with the last.</summary>
    public void Leave()
    {
        if (Interlocked.Increment(ref _left) == ends)
        {
            foreach (var piece in _pieces)
            {
                piece?.Dispose();
            }
        }
    }

    private AudioMemory Rent(int place, int least)
    {
        var piece = AudioMemory.Rent(pool, least, place);
        _pieces[place] = piece;
        return piece;
    }
}
