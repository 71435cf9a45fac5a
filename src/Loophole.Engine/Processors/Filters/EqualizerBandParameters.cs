using System.Collections.Immutable;
using System.Globalization;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.Parameters;

namespace Loophole.Engine.Processors.Filters;

/// <summary>The parameters of one band: <c>band{n}.type</c>, <c>.frequency</c>, <c>.gain</c>, <c>.q</c>, <c>.order</c>, <c>.enabled</c>.</summary>
internal sealed class EqualizerBandParameters
{
    private const string Prefix = "band";
    private const int MostBands = 16;

    private static readonly ImmutableArray<EqualizerBandParameters> Bands = [.. Enumerable.Range(1, MostBands).Select(number => new EqualizerBandParameters(number))];

    private EqualizerBandParameters(int number)
    {
        var band = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number}.");
        Type = new(band + "type", 0, 6, (double)FilterType.Bell, IsFixed: true);
        Frequency = new(band + "frequency", 10, 96_000, 1_000, "Hz");
        Gain = new(band + "gain", -60, 60, 0, "dB");
        Q = new(band + "q", 0.025, 100, 0.7071067811865476);
        Order = new(band + "order", 2, 8, 2, IsFixed: true);
        Enabled = new(band + "enabled", 0, 1, 1, "bool");
        All = [Type, Frequency, Gain, Q, Order, Enabled];
    }

    public ParameterDescriptor Type { get; }

    public ParameterDescriptor Frequency { get; }

    public ParameterDescriptor Gain { get; }

    public ParameterDescriptor Q { get; }

    public ParameterDescriptor Order { get; }

    public ParameterDescriptor Enabled { get; }

    public ImmutableArray<ParameterDescriptor> All { get; }

    /// <summary>The bands of which a node sets at least one parameter, by number.</summary>
    public static ImmutableArray<EqualizerBandParameters> SetBy(GraphNode node) => [.. Bands.Where(band => band.IsSetBy(node))];

    public FilterType TypeOf(GraphNode node) => (FilterType)(int)Math.Floor(NodeSettings.Fixed(node, Type) + 0.5);

    /// <summary>Biquad sections, 1 to 4: half the order, rounded up, of a high or low pass; 1 for every other type.</summary>
    public int SectionCount(GraphNode node) =>
        TypeOf(node) is FilterType.HighPass or FilterType.LowPass ? (int)Math.Ceiling(NodeSettings.Fixed(node, Order) / 2) : 1;

    private bool IsSetBy(GraphNode node)
    {
        foreach (var setting in node.Parameters)
        {
            foreach (var parameter in All)
            {
                if (parameter.Name == setting.Name)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
