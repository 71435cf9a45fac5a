namespace Loophole.Bench.Links;

/// <summary>How much is run.</summary>
/// <param name="Rounds">Rounds; all variants of a measure are interleaved within each.</param>
/// <param name="Exchanges">Exchanges back to back.</param>
/// <param name="PacedSeconds">How long a paced run takes.</param>
/// <param name="Mebibytes">What goes one way.</param>
/// <param name="DuplexSeconds">How long duplex takes.</param>
internal sealed record Plan(int Rounds, int Exchanges, double PacedSeconds, int Mebibytes, int DuplexSeconds)
{
    /// <summary>What runs before anything counts, so that both ends are compiled and have learned the period.</summary>
    public int Warmup(bool isPaced) => isPaced ? 100 : Exchanges / 5;

    public int Count(Shape shape, bool isPaced) => isPaced ? (int)(PacedSeconds * 1e9 / shape.Period) : Exchanges / (shape.Channels > 32 ? 4 : 1);
}
