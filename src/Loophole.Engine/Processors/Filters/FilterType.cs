namespace Loophole.Engine.Processors.Filters;

/// <summary>What a band of an equaliser does; the numbers are the values of its parameter <c>type</c>.</summary>
internal enum FilterType
{
    HighPass = 0,
    LowPass = 1,
    BandPass = 2,
    HighShelf = 3,
    LowShelf = 4,
    Bell = 5,
    Notch = 6,
}
