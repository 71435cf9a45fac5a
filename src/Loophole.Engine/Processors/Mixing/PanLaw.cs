using Loophole.Cluster.Numerics;

namespace Loophole.Engine.Processors.Mixing;

/// <summary>Equal power, normalised to unity at the centre: left √2 cos((p + 1) π/4), right √2 sin((p + 1) π/4).</summary>
internal static class PanLaw
{
    private const double SquareRootOfTwo = 1.4142135623730951;
    private const double EighthTurn = 0.7853981633974483;

    public static float Left(double position) => Right(-position);

    /// <summary>Written so that a position of −1 gives exactly 0 and one of 0 exactly 1.</summary>
    public static float Right(double position) => position == 0 ? 1 : (float)(SquareRootOfTwo * ExactMath.Sin((1 + position) * EighthTurn));
}
