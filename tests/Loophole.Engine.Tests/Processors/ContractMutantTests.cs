using System.Buffers;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.Parameters;

namespace Loophole.Engine.Tests.Processors;

/// <summary>Processors that break a promise on purpose: the checks of <see cref="Contract"/> must see it.</summary>
public sealed class ContractMutantTests
{
    private const int Scenes = 20;

    [Fact]
    public void A_ramp_accumulated_from_the_start_of_each_call_is_caught() =>
        Assert.True(IsCaught("fader", _ => new AccumulatingFader(), Contract.BlockInvariance));

    [Fact]
    public void A_control_grid_anchored_at_the_start_of_each_call_is_caught() =>
        Assert.True(IsCaught("fader", _ => new CallAnchoredFader(), Contract.BlockInvariance));

    [Fact]
    public void A_partial_sum_per_call_is_caught() => Assert.True(IsCaught("meter", _ => new PartialSums(), Contract.BlockInvariance));

    [Fact]
    public void State_that_is_not_saved_is_caught()
    {
        foreach (var kind in new[] { "compressor", "limiter", "delay", "reverb", "noise", "latency" })
        {
            Assert.True(IsCaught(kind, scene => new Forgetful(scene.Create()), Contract.Checkpoint), kind);
        }
    }

    [Fact]
    public void State_that_survives_a_reset_is_caught()
    {
        foreach (var kind in new[] { "meter", "delay", "tone" })
        {
            Assert.True(IsCaught(kind, scene => new Unresettable(scene.Create()), Contract.Reset), kind);
        }
    }

    [Fact]
    public void NaN_kept_in_the_state_is_caught() => Assert.True(IsCaught("delay", _ => new Leaky(), Contract.Sanity));

    [Fact]
    public void The_same_stand_ins_without_the_fault_pass()
    {
        for (var seed = 0; seed < Scenes; seed++)
        {
            var scene = new Scene("delay", seed);
            Assert.Null(Contract.BlockInvariance(scene, () => new Decorator(scene.Create())));
            Assert.Null(Contract.Checkpoint(scene, () => new Decorator(scene.Create())));
            Assert.Null(Contract.Reset(scene, () => new Decorator(scene.Create())));
            Assert.Null(Contract.Sanity(scene, () => new Decorator(scene.Create())));
        }
    }

    private static bool IsCaught(string kind, Func<Scene, IProcessor> create, Func<Scene, Func<IProcessor>, string?> promise) =>
        Enumerable.Range(0, Scenes).Select(seed => new Scene(kind, seed)).Any(scene => promise(scene, () => create(scene)) is not null);

    private abstract class Stateless : IProcessor
    {
        public virtual void Reset()
        {
        }

        public abstract void Process(in ProcessorBlock block);

        public virtual void Save(IBufferWriter<byte> destination)
        {
        }

        public virtual void Restore(ReadOnlySpan<byte> state)
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class AccumulatingFader : Stateless
    {
        public override void Process(in ProcessorBlock block)
        {
            var gain = (float)block.Parameters[0].At(block.Frame);
            for (var i = 0; i < block.Audio.FrameCount; i++)
            {
                for (var channel = 0; channel < block.Audio.ChannelCount; channel++)
                {
                    block.Audio.Channel(channel)[i] *= gain;
                }

                gain += (float)block.Parameters[0].SlopePerFrame;
            }
        }
    }

    private sealed class CallAnchoredFader : Stateless
    {
        public override void Process(in ProcessorBlock block)
        {
            for (var channel = 0; channel < block.Audio.ChannelCount; channel++)
            {
                for (var i = 0; i < block.Audio.FrameCount; i++)
                {
                    block.Audio.Channel(channel)[i] *= (float)block.Parameters[0].At(block.Frame + (i & -ControlGrid.StepFrames));
                }
            }
        }
    }

    private sealed class PartialSums : Stateless
    {
        private float _sum;

        public override void Process(in ProcessorBlock block)
        {
            var part = 0f;
            foreach (ref var sample in block.Audio.Channel(0))
            {
                part += Math.Min(Math.Abs(sample), 1);
                sample = _sum + part;
            }

            _sum += part;
        }
    }

    private sealed class Leaky : Stateless
    {
        private float _last;

        public override void Process(in ProcessorBlock block)
        {
            for (var i = 0; i < block.Audio.FrameCount; i++)
            {
                _last = block.Audio.Channel(0)[i] + (0.5f * _last);
                block.Audio.Channel(0)[i] = _last;
            }
        }
    }

    private class Decorator(IProcessor inner) : IProcessor
    {
        protected IProcessor Inner => inner;

        public virtual void Reset() => inner.Reset();

        public void Process(in ProcessorBlock block) => inner.Process(block);

        public virtual void Save(IBufferWriter<byte> destination) => inner.Save(destination);

        public virtual void Restore(ReadOnlySpan<byte> state) => inner.Restore(state);

        public void Dispose() => inner.Dispose();
    }

    private sealed class Forgetful(IProcessor inner) : Decorator(inner)
    {
        public override void Save(IBufferWriter<byte> destination)
        {
        }

        public override void Restore(ReadOnlySpan<byte> state) => Inner.Reset();
    }

    private sealed class Unresettable(IProcessor inner) : Decorator(inner)
    {
        public override void Reset()
        {
        }
    }
}
