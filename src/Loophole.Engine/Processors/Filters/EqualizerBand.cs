using Loophole.Cluster.Graph;
using Loophole.Cluster.Numerics;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.Parameters;
using Loophole.Engine.Processors.Samples;
using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Processors.Filters;

/// <summary>One band of an equaliser: one biquad section, or for high and low passes of order 4, 6, 8 as many as half the order.</summary>
/// <remarks>
/// <para>A high or low pass of order N is the Butterworth cascade: section k of N/2 has Q = 1 / (2 cos((2k − 1) π / (2N))). The band's Q scales the
/// most resonant section in proportion to √½, so that √½ gives Butterworth at every order and order 2 has exactly the band's Q.</para>
/// <para>Transposed direct form II in double precision: s₁, s₂ are the state of a section on one audio channel.</para>
/// </remarks>
internal sealed class EqualizerBand
{
    private const double TwoPi = 6.283185307179586;
    private const double SquareRootOfTwo = 1.4142135623730951;

    /// <summary>Bilinear filters degenerate at the Nyquist frequency; bands stay below it.</summary>
    private const double HighestTurn = 0.49;

    private readonly EqualizerBandParameters _parameters;
    private readonly double _sampleRate;
    private readonly FilterType _type;
    private readonly BiquadCoefficients[] _sections;
    private readonly double[] _state;
    private double _frequency = double.NaN;
    private double _gain = double.NaN;
    private double _q = double.NaN;

    public EqualizerBand(EqualizerBandParameters parameters, GraphNode node, ProcessorContext context)
    {
        _parameters = parameters;
        _sampleRate = context.SampleRate;
        _type = parameters.TypeOf(node);
        _sections = new BiquadCoefficients[parameters.SectionCount(node)];
        _state = new double[_sections.Length * context.AudioChannels * 2];
    }

    public bool IsEnabled { get; private set; }

    public void Clear() => Array.Clear(_state);

    /// <summary>Follows the parameters.</summary>
    /// <param name="ramps">This band's, in the order of <see cref="EqualizerBandParameters.All"/>.</param>
    /// <param name="frame">First frame of a stretch within one step of the <see cref="ControlGrid"/>.</param>
    public void Follow(ReadOnlySpan<ParameterRamp> ramps, long frame)
    {
        IsEnabled = _parameters.Enabled.IsOnAtStep(ramps[5], frame);
        if (!IsEnabled)
        {
            Clear();
            return;
        }

        var frequency = _parameters.Frequency.AtStep(ramps[1], frame);
        var gain = _parameters.Gain.AtStep(ramps[2], frame);
        var q = _parameters.Q.AtStep(ramps[3], frame);
        if (frequency != _frequency || gain != _gain || q != _q)
        {
            (_frequency, _gain, _q) = (frequency, gain, q);
            Design();
        }
    }

    public void Process(int audioChannel, Span<double> samples)
    {
        for (var section = 0; section < _sections.Length; section++)
        {
            var filter = _sections[section];
            var state = _state.AsSpan(((audioChannel * _sections.Length) + section) * 2, 2);
            var (first, second) = (state[0], state[1]);
            foreach (ref var sample in samples)
            {
                var input = sample;
                var output = (filter.B0 * input) + first;
                first = ((filter.B1 * input) + second) - (filter.A1 * output);
                second = (filter.B2 * input) - (filter.A2 * output);
                sample = output;
            }

            (state[0], state[1]) = (first, second);
        }
    }

    /// <summary>Sets vanishing state to 0; called at grid frames only, so that it happens at the same frames whatever the calls.</summary>
    public void Flush()
    {
        foreach (ref var value in _state.AsSpan())
        {
            value = Sanitize.State(value);
        }
    }

    public void Save(ref StateWriter writer) => writer.Write(_state);

    public void Restore(ref StateReader reader) => reader.Read(_state, -double.MaxValue, double.MaxValue);

    private void Design()
    {
        var turn = Math.Min(_frequency / _sampleRate, HighestTurn);
        if (_sections.Length == 1)
        {
            _sections[0] = CookbookFilter.Design(_type, turn, _gain, _q);
            return;
        }

        for (var section = 0; section < _sections.Length; section++)
        {
            var q = 0.5 / ExactMath.Cos(TwoPi * ((2 * section) + 1) / (8 * _sections.Length));
            q = section == _sections.Length - 1 ? q * _q * SquareRootOfTwo : q;
            _sections[section] = CookbookFilter.Design(_type, turn, _gain, q);
        }
    }
}
