using System.Globalization;

namespace Loophole.Bench.Links;

/// <summary>One figure of the report: a median over rounds, with its spread.</summary>
/// <param name="Measure">What was measured, and how.</param>
/// <param name="Size">Channels × frames; empty where it says nothing.</param>
/// <param name="Unit">Of the value.</param>
/// <param name="Value">The median of the rounds.</param>
/// <param name="Least">Of the rounds.</param>
/// <param name="Most">Of the rounds.</param>
/// <param name="Target">What it should be; empty for figures that only inform.</param>
/// <param name="IsMet">Whether it is.</param>
internal sealed record Row(string Measure, string Size, string Unit, double Value, double Least, double Most, string Target = "", bool IsMet = true)
{
    public static Row Of(string measure, string size, string unit, IEnumerable<double> rounds)
    {
        double[] sorted = [.. rounds.Order()];
        return new Row(measure, size, unit, sorted[sorted.Length / 2], sorted[0], sorted[^1]);
    }

    public Row AtMost(double limit) => this with { Target = string.Create(CultureInfo.InvariantCulture, $"≤ {limit:0.##}"), IsMet = Value <= limit };

    public Row AtLeast(double limit) => this with { Target = string.Create(CultureInfo.InvariantCulture, $"≥ {limit:0.##}"), IsMet = Value >= limit };

    public string ToMarkdown() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Measure} | {Size} | {Value:0.##} {Unit} | {Least:0.##} to {Most:0.##} | {Target} | {(Target.Length == 0 ? "" : IsMet ? "met" : "**missed**")} |");
}
