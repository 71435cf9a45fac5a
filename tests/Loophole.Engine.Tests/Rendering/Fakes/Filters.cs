using System.Buffers;
using Loophole.Cluster.Media;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Tests.Rendering.Fakes;

/// <summary>A one-pole low-pass filter.</summary>
internal sealed class OnePole(int audioChannels) : TestProcessor(audioChannels, 1)
{
    protected override float Tick(float sample, Span<double> state, Instant now, ReadOnlySpan<ParameterRamp> parameters) =>
        (float)(state[0] += (sample - state[0]) * parameters[0].At(now.Frame));
}

/// <summary>A gain that follows its ramp through an accumulator, so that one wrong value is heard for a while.</summary>
internal class RampGain(int audioChannels) : TestProcessor(audioChannels, 1)
{
    protected override float Tick(float sample, Span<double> state, Instant now, ReadOnlySpan<ParameterRamp> parameters)
    {
        var gain = parameters[0].At(now.Frame);
        state[0] = (state[0] * 0.5) + gain;
        return (float)((sample * state[0]) + (gain * 0.25));
    }
}

/// <summary>A leaky integrator with two parameters and two numbers of state.</summary>
internal class LeakyIntegrator(int audioChannels) : TestProcessor(audioChannels, 2)
{
    protected override float Tick(float sample, Span<double> state, Instant now, ReadOnlySpan<ParameterRamp> parameters)
    {
        state[0] = (state[0] * parameters[0].At(now.Frame)) + sample;
        state[1] = (state[1] * 0.75) + state[0];
        return (float)(state[1] * parameters[1].At(now.Frame));
    }
}

/// <summary>A pure delay of a fixed number of frames, which is its latency.</summary>
internal sealed class FixedDelay(int audioChannels, int frames) : TestProcessor(audioChannels, frames + 1)
{
    protected override float Tick(float sample, Span<double> state, Instant now, ReadOnlySpan<ParameterRamp> parameters)
    {
        state[frames] = sample;
        var oldest = (float)state[0];
        state[1..].CopyTo(state);
        return oldest;
    }
}

/// <summary>Adds project time, running or standing, and the local frame.</summary>
internal sealed class Clock(int audioChannels) : TestProcessor(audioChannels, 1)
{
    protected override float Tick(float sample, Span<double> state, Instant now, ReadOnlySpan<ParameterRamp> parameters) =>
        sample + (now.IsPlaying ? 1 : -1) * ((now.ProjectFrame % 101) / 101f) + ((now.Frame % 7) / 64f);
}

/// <summary>Makes the last bits of its parameter audible, which float samples alone would round away.</summary>
internal sealed class BitProbe(int audioChannels) : TestProcessor(audioChannels, 1)
{
    protected override float Tick(float sample, Span<double> state, Instant now, ReadOnlySpan<ParameterRamp> parameters) =>
        sample + ((BitConverter.DoubleToInt64Bits(parameters[0].At(now.Frame)) & 0xFFF) / 4096f);
}

/// <summary>Reads its clip as long as no sample is negative.</summary>
internal sealed class FailingClip(int audioChannels) : TestProcessor(audioChannels, 1)
{
    protected override float Tick(float sample, Span<double> state, Instant now, ReadOnlySpan<ParameterRamp> parameters) =>
        sample < 0 ? throw new MediaException(MediaError.Unreadable, "The clip is gone.") : sample;
}

/// <summary>Mutant: forgets one of its two numbers when saved.</summary>
internal sealed class ForgetfulIntegrator(int audioChannels) : LeakyIntegrator(audioChannels)
{
    public override void Save(IBufferWriter<byte> destination)
    {
        var whole = new ArrayBufferWriter<byte>();
        base.Save(whole);
        var bytes = whole.WrittenSpan.ToArray();
        bytes.AsSpan(0, sizeof(double)).Clear();
        destination.Write(bytes);
    }
}

/// <summary>Mutant: takes the value at the start of a call for the whole call.</summary>
internal sealed class BlockStartGain(int audioChannels) : RampGain(audioChannels)
{
    public override void Process(in ProcessorBlock block)
    {
        var held = new ParameterRamp[] { new(0, block.Parameters[0].At(block.Frame), 0) };
        base.Process(new ProcessorBlock
        {
            Frame = block.Frame,
            ProjectFrame = block.ProjectFrame,
            IsPlaying = block.IsPlaying,
            Audio = block.Audio,
            Parameters = held,
        });
    }
}
