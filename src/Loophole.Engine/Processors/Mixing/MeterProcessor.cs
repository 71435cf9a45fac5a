using Loophole.Cluster.Audio;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.Samples;
using Loophole.Engine.Processors.State;
using Loophole.Engine.Rendering;

namespace Loophole.Engine.Processors.Mixing;

/// <summary>Measures peak and RMS in windows (<see cref="MeterWindows"/>) and passes audio unchanged. Samples that are not finite count as 0.</summary>
internal sealed class MeterProcessor(ProcessorContext context) : BuiltInProcessor(Kind), IMeterSource
{
    public const string Kind = "meter";

    /// <summary>No square is larger. Twice as much, as sums are rounded.</summary>
    private const double MostSquare = 2.0 * float.MaxValue * float.MaxValue;

    private readonly int _windowFrames = MeterWindows.FramesAt(context.SampleRate);
    private readonly double[] _peaks = new double[context.AudioChannels];
    private readonly double[] _squareSums = new double[context.AudioChannels];

    // As many as a block can finish.
    private readonly FinishedWindows _finished = new(context.AudioChannels, (context.MaxBlockFrames / MeterWindows.FramesAt(context.SampleRate)) + 1);
    private long _frameCount;

    public static ProcessorDescriptor Descriptor { get; } = new(Kind, [], ProcessorTraits.Distributable);

    /// <inheritdoc/>
    public int AudioChannels => _peaks.Length;

    /// <inheritdoc/>
    public bool TryTake(Span<MeterReading> readings, out long startFrame) => _finished.TryTake(readings, out startFrame);

    /// <summary>Starts the window afresh. Those that are finished stay: they end before the frame at which this happens.</summary>
    public override void Reset()
    {
        Array.Clear(_peaks);
        Array.Clear(_squareSums);
        _frameCount = 0;
    }

    public override void Process(in ProcessorBlock block)
    {
        for (var done = 0; done < block.Audio.FrameCount;)
        {
            var frame = block.Frame + done;
            var start = MeterWindows.StartOf(frame, _windowFrames);
            var end = start + _windowFrames;
            var frames = (int)Math.Min(block.Audio.FrameCount - done, end - frame);
            Measure(block.Audio.Slice(done, frames));
            done += frames;
            if (frame + frames == end)
            {
                Finish(start);
            }
        }
    }

    protected override void WriteState(ref StateWriter writer)
    {
        writer.Write(_frameCount);
        writer.Write(_peaks);
        writer.Write(_squareSums);
    }

    protected override void ReadState(ref StateReader reader)
    {
        _frameCount = reader.ReadInt64(0, _windowFrames - 1);
        reader.Read(_peaks, 0, float.MaxValue);
        reader.Read(_squareSums, 0, MostSquare * _windowFrames);
    }

    private void Measure(AudioBuffer audio)
    {
        for (var channel = 0; channel < audio.ChannelCount; channel++)
        {
            // Added one by one in frame order: a sum of partial sums would depend on where calls begin.
            var (peak, squareSum) = (_peaks[channel], _squareSums[channel]);
            foreach (var sample in audio.Channel(channel))
            {
                var value = (double)Sanitize.Input(sample);
                peak = Math.Max(peak, Math.Abs(value));
                squareSum += value * value;
            }

            (_peaks[channel], _squareSums[channel]) = (peak, squareSum);
        }

        _frameCount += audio.FrameCount;
    }

    private void Finish(long startFrame)
    {
        var readings = _finished.Add(startFrame);
        for (var channel = 0; channel < readings.Length; channel++)
        {
            readings[channel] = new MeterReading((float)_peaks[channel], (float)Math.Min(Math.Sqrt(_squareSums[channel] / _frameCount), float.MaxValue));
        }

        Reset();
    }
}
