using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Processors.Dynamics;

/// <summary>The smallest of the last <c>length</c> values, in constant time per value on average: a queue that keeps only values no later one undercuts
/// (D. Lemire, "Streaming maximum-minimum filter using no more than three comparisons per element", 2006).</summary>
/// <param name="length">Values looked at, 1 or more.</param>
/// <param name="highest">No value is above it; before the first value it is the minimum.</param>
internal sealed class SlidingMinimum(int length, long highest)
{
    private readonly long[] _values = new long[length];
    private readonly long[] _positions = new long[length];
    private long _position;
    private int _head;
    private int _count;

    public void Clear() => (_position, _head, _count) = (0, 0, 0);

    public long Next(long value)
    {
        if (_count > 0 && _positions[_head] <= _position - length)
        {
            _head = Wrap(_head + 1);
            _count--;
        }

        while (_count > 0 && _values[Wrap(_head + _count - 1)] >= value)
        {
            _count--;
        }

        var tail = Wrap(_head + _count);
        (_values[tail], _positions[tail]) = (value, _position);
        _count++;
        _position++;
        return _values[_head];
    }

    /// <summary>Writes a window that is equivalent to the one seen: each value lowered to the smallest that followed it.</summary>
    public void Save(ref StateWriter writer)
    {
        var entry = 0;
        for (var position = _position - length; position < _position; position++)
        {
            while (entry < _count && _positions[Wrap(_head + entry)] < position)
            {
                entry++;
            }

            writer.Write(entry < _count ? _values[Wrap(_head + entry)] : highest);
        }
    }

    public void Restore(ref StateReader reader)
    {
        Clear();
        for (var i = 0; i < length; i++)
        {
            Next(reader.ReadInt64(0, highest));
        }
    }

    private int Wrap(int index) => index >= length ? index - length : index;
}
