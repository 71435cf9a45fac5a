namespace Loophole.Engine.Processors.Space;

/// <summary>Multiplication with the 8 × 8 Hadamard matrix in natural order, whose entry (row, column) is −1 to the number of ones in row AND column.</summary>
internal static class HadamardTransform
{
    /// <summary>Transforms in place; the fast transform, whose order of additions is fixed.</summary>
    /// <param name="values">8 values.</param>
    public static void Apply(Span<double> values)
    {
        var (a, b, c, d) = (values[0] + values[4], values[1] + values[5], values[2] + values[6], values[3] + values[7]);
        var (e, f, g, h) = (values[0] - values[4], values[1] - values[5], values[2] - values[6], values[3] - values[7]);
        (values[0], values[1], values[2], values[3]) = Quarter(a, b, c, d);
        (values[4], values[5], values[6], values[7]) = Quarter(e, f, g, h);
    }

    private static (double First, double Second, double Third, double Fourth) Quarter(double a, double b, double c, double d) =>
        ((a + c) + (b + d), (a + c) - (b + d), (a - c) + (b - d), (a - c) - (b - d));
}
