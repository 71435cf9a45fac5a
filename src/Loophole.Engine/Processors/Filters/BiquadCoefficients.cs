namespace Loophole.Engine.Processors.Filters;

/// <summary>y[n] = B0 x[n] + B1 x[n−1] + B2 x[n−2] − A1 y[n−1] − A2 y[n−2].</summary>
internal readonly record struct BiquadCoefficients(double B0, double B1, double B2, double A1, double A2);
