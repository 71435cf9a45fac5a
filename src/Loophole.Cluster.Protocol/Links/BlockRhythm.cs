namespace Loophole.Cluster.Protocol.Links;

/// <summary>Tells the block periods in what arrives apart: the blocks of all streams for one period come together.</summary>
internal sealed class BlockRhythm
{
    private (int Epoch, long Position) _newest = (-1, 0);
    private int _blocks;
    private int _usual;

    /// <summary>Whether fewer blocks of the present period have come than of the one before: then the rest is on its way.</summary>
    public bool IsRestDue => _blocks < _usual;

    /// <summary>Takes note of a block.</summary>
    /// <returns>Whether it is the first of a new period: the stream that is furthest ahead tells where that begins.</returns>
    public bool Observe(int epoch, long position)
    {
        var place = (epoch, position);
        if (place.CompareTo(_newest) <= 0)
        {
            _blocks++;
            return false;
        }

        (_usual, _blocks, _newest) = (_blocks, 1, place);
        return true;
    }
}
