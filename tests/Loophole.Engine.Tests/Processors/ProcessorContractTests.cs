using System.Buffers.Binary;
using Loophole.Cluster.Audio;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors;
using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Tests.Processors;

/// <summary>The promises of <see cref="IProcessor"/>, for every kind in the catalogue.</summary>
public sealed class ProcessorContractTests
{
    private const int FirstSeed = 4_200;
    private const int ScenesPerKind = 25;

    public static TheoryData<string> Kinds => [.. BuiltInKind.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_division_into_calls_changes_no_bit(string kind) => Check(kind, Contract.BlockInvariance);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_checkpoint_goes_on_on_another_instance_without_changing_a_bit(string kind) => Check(kind, Contract.Checkpoint);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_reset_returns_to_the_state_after_creation(string kind) => Check(kind, Contract.Reset);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void NaN_and_infinity_do_not_outlast_the_input_that_had_them(string kind) => Check(kind, Contract.Sanity);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Processing_allocates_nothing(string kind)
    {
        var scene = new Scene(kind, FirstSeed);
        using var processor = scene.Create();
        var storage = new float[scene.Context.AudioChannels * Scene.MaxBlockFrames];
        for (var start = 0; start < Scene.Frames; start += 50)
        {
            var ramps = scene.RampsAt(start);
            var before = GC.GetAllocatedBytesForCurrentThread();
            processor.Process(new ProcessorBlock
            {
                Frame = scene.FirstFrame + start,
                ProjectFrame = start,
                IsPlaying = true,
                Audio = new AudioBuffer(storage, scene.Context.AudioChannels, Scene.MaxBlockFrames, 50),
                Parameters = ramps,
            });
            processor.Reset();
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_damaged_checkpoint_is_refused_and_leaves_the_instance_reset(string kind)
    {
        for (var seed = FirstSeed; seed < FirstSeed + 5; seed++)
        {
            var scene = new Scene(kind, seed);
            var random = new Random(seed);
            using var processor = scene.Create();
            var fresh = Rig.Save(processor);
            scene.Run(processor, scene.CopyAudio(), 0, Scene.Frames, () => Scene.MaxBlockFrames);
            var state = Rig.Save(processor);
            var garbage = new byte[state.Length];
            random.NextBytes(garbage);
            var flipped = state.ToArray();
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
            foreach (var bad in new[] { [], state[..^1], state[..random.Next(state.Length)], [.. state, 0], garbage, flipped })
            {
                processor.Restore(state);
                var refusal = Assert.Throws<RenderException>(() => processor.Restore(bad));
                Assert.Equal(RenderError.BadCheckpoint, refusal.Error);
                Assert.Equal(fresh, Rig.Save(processor));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_checkpoint_forged_to_its_checksum_throws_nothing_but_a_refusal(string kind)
    {
        for (var seed = FirstSeed; seed < FirstSeed + 5; seed++)
        {
            var scene = new Scene(kind, seed);
            var random = new Random(seed);
            using var processor = scene.Create();
            for (var trial = 0; trial < 20; trial++)
            {
                var state = Rig.Save(processor);
                for (var word = 0; word + 16 <= state.Length; word += 8 * random.Next(1, 1 + (state.Length / 8)))
                {
                    var value = random.Next(4) switch { 0 => ulong.MaxValue, 1 => BitConverter.DoubleToUInt64Bits(double.MaxValue), 2 => (ulong)random.NextInt64(), _ => 1UL << 63 };
                    BinaryPrimitives.WriteUInt64LittleEndian(state.AsSpan(word), value);
                }

                PutChecksum(state, kind);
                try
                {
                    processor.Restore(state);
                }
                catch (RenderException refusal) when (refusal.Error == RenderError.BadCheckpoint)
                {
                    continue;
                }

                scene.Run(processor, scene.CopyAudio(), 0, Scene.Frames, () => Scene.MaxBlockFrames);
                processor.Reset();
            }
        }
    }

    private static void PutChecksum(byte[] state, string kind)
    {
        var checksum = new StateChecksum(kind);
        for (var at = 0; at < state.Length - sizeof(ulong); at += sizeof(uint))
        {
            checksum.Add(BinaryPrimitives.ReadUInt32LittleEndian(state.AsSpan(at)));
        }

        BinaryPrimitives.WriteUInt64LittleEndian(state.AsSpan(state.Length - sizeof(ulong)), checksum.Value);
    }

    private static void Check(string kind, Func<Scene, Func<IProcessor>, string?> promise)
    {
        for (var seed = FirstSeed; seed < FirstSeed + ScenesPerKind; seed++)
        {
            var scene = new Scene(kind, seed);
            Assert.True(promise(scene, scene.Create) is var broken && broken is null, $"{kind}, seed {seed}: {broken}");
        }
    }
}
