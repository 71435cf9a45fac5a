using Loophole.Cluster.Audio;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;
using Loophole.Engine.Tests.Rendering.Fakes;

namespace Loophole.Engine.Tests.Rendering;

/// <summary>What the contracts say, written down one frame and one signal at a time, with nothing reused and nothing remembered that can be worked out.</summary>
internal sealed class NaiveRender(Scenario scenario)
{
    private readonly TestProcessorFactory _processors = new();
    private readonly Dictionary<string, IProcessor> _instances = [];
    private readonly Dictionary<int, List<float[]>> _signals = [];
    private readonly Dictionary<(string Node, string Parameter, int Event), double> _startValues = [];

    /// <summary>Renders everything.</summary>
    /// <returns>One array of interleaved samples per plan output.</returns>
    public float[][] Run()
    {
        for (var frame = 0; frame < scenario.FrameCount; frame++)
        {
            for (var i = 0; i < scenario.Plan.Inputs.Length; i++)
            {
                var signal = scenario.Plan.Inputs[i];
                Put(signal, scenario.Inputs[i].AsSpan(frame * signal.AudioChannels, signal.AudioChannels).ToArray());
            }

            foreach (var step in scenario.Plan.Steps)
            {
                if (step is SumStep sum)
                {
                    Put(sum.Output, Sum(sum, frame));
                }
                else
                {
                    Channel((ChannelStep)step, frame);
                }
            }
        }

        return [.. scenario.Plan.Outputs.Select(output => _signals[output.Id].SelectMany(samples => samples).ToArray())];
    }

    private void Put(PlanSignal signal, float[] samples)
    {
        Assert.Equal(signal.AudioChannels, samples.Length);
        if (!_signals.TryGetValue(signal.Id, out var frames))
        {
            _signals.Add(signal.Id, frames = []);
        }

        frames.Add([.. samples]);
    }

    private float[] Sum(SumStep sum, int frame)
    {
        float[]? total = null;
        foreach (var input in sum.Inputs)
        {
            var from = frame - input.DelayFrames;
            var width = _signals[input.SignalId][0].Length;
            var source = from < 0 ? new float[width] : _signals[input.SignalId][from];
            if (total is null)
            {
                total = Convert(source, sum.Output.AudioChannels);
                continue;
            }

            var addend = Convert(source, sum.Output.AudioChannels);
            for (var channel = 0; channel < total.Length; channel++)
            {
                // A channel that the source does not reach is left alone.
                total[channel] = source.Length > 1 && channel >= source.Length ? total[channel] : total[channel] + addend[channel];
            }
        }

        return total!;
    }

    private static float[] Convert(float[] source, int width)
    {
        if (source.Length == 1)
        {
            return [.. Enumerable.Repeat(source[0], width)];
        }

        if (width == 1)
        {
            return [source.Skip(1).Aggregate(source[0], (sum, sample) => sum + sample) / source.Length];
        }

        return [.. Enumerable.Range(0, width).Select(channel => channel < source.Length ? source[channel] : 0f)];
    }

    private void Channel(ChannelStep step, int frame)
    {
        var width = step.Output.AudioChannels;
        var audio = step.InputSignalId is { } input ? Convert(_signals[input][frame], width) : new float[width];
        foreach (var item in step.Nodes)
        {
            var local = (long)frame - item.UpstreamLatencyFrames;
            if (item.Node is SendNode)
            {
                var level = (float)ValueAt(item.Node, new ParameterDescriptor(SendNode.LevelParameter, 0, 64, 1), local);
                Put(item.Tap!.Value, [.. audio.Select(sample => sample * Math.Clamp(level, 0, 64))]);
            }
            else if (item.Node is ProcessorNode)
            {
                Process(step, item, local, audio);
            }
        }

        Put(step.Output, audio);
    }

    private void Process(ChannelStep step, PlanNode item, long frame, float[] audio)
    {
        var node = item.Node;
        if (!_instances.TryGetValue(node.Id, out var instance))
        {
            _instances.Add(node.Id, instance = _processors.Create(node, new ProcessorContext(scenario.Plan.SampleRate, audio.Length, 1, new NoMedia())));
        }

        var isReset = scenario.Events.OfType<TransportEvent>().Any(change => change.Frame == frame && change.ResetsState);
        if (isReset)
        {
            instance.Reset();
        }

        var (project, isPlaying) = ProjectAt(frame, scenario.Events.Length);
        var ramps = _processors.Describe(node)!.Parameters.Select(parameter => new ParameterRamp(frame, ValueAt(node, parameter, frame), 0)).ToArray();
        instance.Process(new ProcessorBlock
        {
            Frame = frame,
            ProjectFrame = project,
            IsPlaying = isPlaying,
            Audio = new AudioBuffer(audio, audio.Length, 1, 1),
            Parameters = ramps,
            Notes = step.Notes is { } notes && _processors.Describe(node)!.PlaysNotes ? [.. NotesAt(notes, frame, frame + item.UpstreamLatencyFrames, isReset).Select(message => message with { Frame = frame })] : [],
        });
    }

    private IEnumerable<MidiMessage> NotesAt(StepNotes notes, long frame, long renderFrame, bool isReset)
    {
        var (left, wasPlaying) = ProjectAt(frame - 1, scenario.Events.Length);
        var (project, isPlaying) = ProjectAt(frame, scenario.Events.Length);
        if (wasPlaying && !isReset && !(isPlaying && project == left + 1))
        {
            foreach (var note in notes.Regions.Where(note => note.StartFrame <= left && note.EndFrame > left))
            {
                yield return End(note);
            }
        }

        foreach (var note in notes.Regions.Where(note => isPlaying && note.EndFrame == project))
        {
            yield return End(note);
        }

        foreach (var note in notes.Regions.Where(note => isPlaying && note.StartFrame == project))
        {
            yield return new MidiMessage(0, (byte)(0x90 + note.MidiChannel), (byte)note.Key, (byte)Math.Max(1, Math.Floor((note.Velocity * 127) + 0.5)));
        }

        foreach (var message in notes.Take.Where(message => message.Frame == renderFrame))
        {
            yield return message;
        }

        static MidiMessage End(NoteRegion note) => new(0, (byte)(0x80 + note.MidiChannel), (byte)note.Key, 0);
    }

    private (long ProjectFrame, bool IsPlaying) ProjectAt(long frame, int eventCount)
    {
        var segment = scenario.Events.Take(eventCount).OfType<TransportEvent>().LastOrDefault(change => change.Frame <= frame);
        return segment is null ? (0, false) : (segment.ProjectFrame + (segment.IsPlaying ? frame - segment.Frame : 0), segment.IsPlaying);
    }

    private double ValueAt(GraphNode node, ParameterDescriptor parameter, long frame) => LineAt(node, parameter, frame, scenario.Events.Length).At(frame);

    /// <summary>The line as the first so many events say.</summary>
    private Line LineAt(GraphNode node, ParameterDescriptor parameter, long frame, int eventCount)
    {
        var automated = AutomatedLineAt(node, parameter, frame, eventCount);
        for (var i = eventCount - 1; i >= 0; i--)
        {
            if (scenario.Events[i] is ParameterEvent change && change.Frame <= frame && change.NodeId == node.Id && change.Parameter == parameter.Name)
            {
                return change.Value is null ? automated
                    : change.IsRelative ? automated.Plus(HeldLineAt(node, parameter, change, frame, i))
                    : HeldLineAt(node, parameter, change, frame, i);
            }
        }

        return automated;
    }

    /// <summary>The line of an event: of its value, or of its distance from automation.</summary>
    private Line HeldLineAt(GraphNode node, ParameterDescriptor parameter, ParameterEvent change, long frame, int index)
    {
        var target = change.IsRelative ? change.Value!.Value : Math.Clamp(change.Value!.Value, parameter.Minimum, parameter.Maximum);
        if (frame >= change.Frame + change.RampFrames)
        {
            return new Line(change.Frame, target, 0);
        }

        if (!_startValues.TryGetValue((node.Id, parameter.Name, index), out var start))
        {
            start = change.IsRelative ? DistanceAt(node, parameter, change.Frame, index) : LineAt(node, parameter, change.Frame, index).At(change.Frame);
            _startValues.Add((node.Id, parameter.Name, index), start);
        }

        return new Line(change.Frame, start, (target - start) / change.RampFrames);
    }

    /// <summary>How far the value lies from automation, as the first so many events say.</summary>
    private double DistanceAt(GraphNode node, ParameterDescriptor parameter, long frame, int eventCount)
    {
        for (var i = eventCount - 1; i >= 0; i--)
        {
            if (scenario.Events[i] is ParameterEvent change && change.NodeId == node.Id && change.Parameter == parameter.Name)
            {
                return change.Value is null ? 0
                    : HeldLineAt(node, parameter, change, frame, i).At(frame) - (change.IsRelative ? 0 : AutomatedLineAt(node, parameter, frame, eventCount).At(frame));
            }
        }

        return 0;
    }

    private Line AutomatedLineAt(GraphNode node, ParameterDescriptor parameter, long frame, int eventCount)
    {
        double Clamp(double value) => Math.Clamp(value, parameter.Minimum, parameter.Maximum);
        var setting = node.Parameters.SingleOrDefault(item => item.Name == parameter.Name);
        if (setting is null || setting.Automation.IsEmpty)
        {
            return new Line(0, Clamp(setting?.Value ?? parameter.Default), 0);
        }

        var (points, (projectFrame, isPlaying)) = (setting.Automation, ProjectAt(frame, eventCount));
        var index = points.Count(point => point.Frame <= projectFrame) - 1;
        var start = points[Math.Max(index, 0)];
        var slope = index >= 0 && index < points.Length - 1 && start.IsLinear ? (Clamp(points[index + 1].Value) - Clamp(start.Value)) / (points[index + 1].Frame - start.Frame) : 0;
        return isPlaying
            ? new Line(start.Frame + frame - projectFrame, Clamp(start.Value), slope)
            : new Line(0, Clamp(start.Value) + ((projectFrame - start.Frame) * slope), 0);
    }

    /// <summary>A straight line from some frame on.</summary>
    private readonly record struct Line(long Frame, double Value, double Slope)
    {
        public double At(long frame) => Value + ((frame - Frame) * Slope);

        /// <summary>Both, from where the later one starts.</summary>
        public Line Plus(Line other)
        {
            var start = Math.Max(Frame, other.Frame);
            return new Line(start, At(start) + other.At(start), Slope + other.Slope);
        }
    }
}
