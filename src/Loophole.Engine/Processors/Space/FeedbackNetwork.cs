using Loophole.Cluster.Numerics;
using Loophole.Engine.Processors.Samples;
using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Processors.Space;

/// <summary>Eight delay lines that feed each other through a Hadamard matrix, each with a loss that sets the reverberation time and a one-pole low pass:
/// J.-M. Jot, A. Chaigne, "Digital delay networks for designing artificial reverberators", 90th AES Convention (1991).</summary>
internal sealed class FeedbackNetwork
{
    public const int LineCount = 8;

    private const double MatrixScale = 0.35355339059327373; // 1/√8: makes the matrix orthogonal, so that only the losses decide the decay.
    private const double ShortestDecay = 0.3;
    private const double DecaySpan = 30;
    private const double DecayDecibels = -60;
    private const double StrongestDamping = 0.9;

    private static readonly double[] LineSeconds = [0.0289, 0.0337, 0.0393, 0.0431, 0.0499, 0.0571, 0.0647, 0.0743];

    private readonly DelayLine[] _lines = new DelayLine[LineCount];
    private readonly int[] _lengths = new int[LineCount];
    private readonly double[] _losses = new double[LineCount];
    private readonly double[] _damped = new double[LineCount];
    private readonly double[] _mixed = new double[LineCount];
    private readonly double _sampleRate;
    private double _roomSize = double.NaN;
    private double _damping;

    public FeedbackNetwork(int sampleRate)
    {
        _sampleRate = sampleRate;
        for (var i = 0; i < LineCount; i++)
        {
            _lengths[i] = LengthOf(i, sampleRate);
            _lines[i] = new DelayLine(_lengths[i]);
        }
    }

    /// <summary>Bytes that it saves.</summary>
    public static long StateBytes(int sampleRate) => Enumerable.Range(0, LineCount).Sum(line => DelayLine.StateBytes(LengthOf(line, sampleRate)) + sizeof(double));

    /// <summary>Sets the decay: 60 dB in 0.3 s × 30^<paramref name="roomSize"/>, and faster for high frequencies the more damping there is.</summary>
    /// <param name="roomSize">0 to 1.</param>
    /// <param name="damping">0 to 1.</param>
    public void Follow(double roomSize, double damping)
    {
        _damping = damping * StrongestDamping;
        if (roomSize != _roomSize)
        {
            _roomSize = roomSize;
            var decay = ShortestDecay * ExactMath.Pow(DecaySpan, roomSize) * _sampleRate;
            for (var i = 0; i < LineCount; i++)
            {
                _losses[i] = ExactMath.DecibelsToGain(DecayDecibels * _lengths[i] / decay);
            }
        }
    }

    /// <summary>Moves on by one frame.</summary>
    /// <param name="inputs">What enters each line.</param>
    /// <param name="outputs">Receives what leaves the lines, summed with the signs of each row of the Hadamard matrix.</param>
    public void Next(ReadOnlySpan<double> inputs, Span<double> outputs)
    {
        var mixed = _mixed.AsSpan(0, LineCount);
        for (var i = 0; i < LineCount; i++)
        {
            outputs[i] = _lines[i].Oldest;
            _damped[i] = Sanitize.State((outputs[i] * (1 - _damping)) + (_damped[i] * _damping));
            mixed[i] = _damped[i] * _losses[i];
        }

        HadamardTransform.Apply(mixed);
        HadamardTransform.Apply(outputs);
        for (var i = 0; i < LineCount; i++)
        {
            _lines[i].Write((mixed[i] * MatrixScale) + inputs[i]);
        }
    }

    public void Clear()
    {
        Array.Clear(_damped);
        foreach (var line in _lines)
        {
            line.Clear();
        }
    }

    public void Save(ref StateWriter writer)
    {
        writer.Write(_damped);
        foreach (var line in _lines)
        {
            line.Save(ref writer);
        }
    }

    public void Restore(ref StateReader reader)
    {
        reader.Read(_damped, -float.MaxValue, float.MaxValue);
        foreach (var line in _lines)
        {
            line.Restore(ref reader);
        }
    }

    // Odd lengths share fewer factors, so that fewer echoes coincide.
    private static int LengthOf(int line, int sampleRate) => (int)(LineSeconds[line] * sampleRate) | 1;
}
