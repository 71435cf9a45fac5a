namespace Loophole.Cluster;

/// <summary>A parameter that a gesture moves, and how far.</summary>
/// <param name="NodeId">The node (<c>GraphNode.Id</c>).</param>
/// <param name="Parameter">The parameter's name.</param>
/// <param name="Minimum">Its value at the lower end of the input range, finite.</param>
/// <param name="Maximum">Its value at the upper end, finite; below <paramref name="Minimum"/> to move the other way.</param>
/// <param name="Curve">What lies between.</param>
/// <param name="InputMinimum">The lower end of the gesture's position.</param>
/// <param name="InputMaximum">The upper end, above the lower one. Positions outside are taken as the end that is nearer.</param>
/// <param name="IsRelative">Whether its values are what the parameter's automation is raised by, or lowered.</param>
public sealed record GestureTarget(
    string NodeId,
    string Parameter,
    double Minimum,
    double Maximum,
    GestureCurve Curve = GestureCurve.Linear,
    double InputMinimum = 0,
    double InputMaximum = 1,
    bool IsRelative = false)
{
    /// <summary>What is wrong with it, or <see langword="null"/>. [any]</summary>
    public string? FindFault() =>
        !double.IsFinite(Minimum) || !double.IsFinite(Maximum) ? $"a gesture's values are finite, not {Minimum} to {Maximum}" :
        !double.IsFinite(InputMinimum) || !double.IsFinite(InputMaximum) || InputMaximum <= InputMinimum ? $"a gesture's position runs upwards, not from {InputMinimum} to {InputMaximum}" :
        Curve == GestureCurve.Logarithmic && (Minimum <= 0 || Maximum <= 0) ? $"a logarithmic gesture stays above 0, unlike {Minimum} to {Maximum}" :
        !Enum.IsDefined(Curve) ? $"there is no curve {Curve}" : null;

    /// <summary>The value at a position. [any]</summary>
    /// <param name="position">The gesture's position; not a number is taken as the lower end.</param>
    /// <returns>A value from <see cref="Minimum"/> to <see cref="Maximum"/>.</returns>
    public double ValueAt(double position)
    {
        var way = double.IsNaN(position) ? 0 : Math.Clamp((position - InputMinimum) / (InputMaximum - InputMinimum), 0, 1);
        return Curve switch
        {
            GestureCurve.Logarithmic => Minimum * Math.Pow(Maximum / Minimum, way),
            GestureCurve.Exponential => Minimum + (way * way * (Maximum - Minimum)),
            _ => Minimum + (way * (Maximum - Minimum)),
        };
    }
}
