using System.Buffers;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Tests.Processors;

public sealed class StateReaderTests
{
    private delegate void Write(ref StateWriter writer);

    private delegate void Read(ref StateReader reader);

    [Fact]
    public void What_was_written_is_read()
    {
        var samples = Rig.Noise(new Random(1), 5_000, 1);
        var state = Saved("kind", (ref StateWriter writer) =>
        {
            writer.Write(ulong.MaxValue);
            writer.Write(-7L);
            writer.Write([1.5, -2.5]);
            writer.Write(samples);
        });
        var reader = new StateReader(state, "kind");
        var (doubles, read) = (new double[2], new float[5_000]);
        Assert.Equal(ulong.MaxValue, reader.ReadUInt64());
        Assert.Equal(-7, reader.ReadInt64(-7, -7));
        reader.Read(doubles, -2.5, 1.5);
        reader.Read(read);
        reader.End();
        Assert.Equal([1.5, -2.5], doubles);
        Assert.Equal(samples, read);
    }

    [Fact]
    public void Absurd_values_are_refused_though_the_checksum_is_right()
    {
        foreach (var bad in new[] { double.NaN, double.PositiveInfinity, -0.001, 1.001 })
        {
            Refuses((ref StateWriter writer) => writer.Write(bad), (ref StateReader reader) => reader.ReadDouble(0, 1));
        }

        foreach (var bad in new[] { float.NaN, float.NegativeInfinity })
        {
            Refuses((ref StateWriter writer) => writer.Write([0f, bad]), (ref StateReader reader) => reader.Read(new float[2]));
        }

        foreach (var bad in new[] { -1L, 11L, long.MinValue })
        {
            Refuses((ref StateWriter writer) => writer.Write(bad), (ref StateReader reader) => reader.ReadInt64(0, 10));
        }
    }

    [Fact]
    public void The_state_of_another_kind_is_refused() => Assert.Throws<RenderException>(() => new StateReader(Saved("tone", (ref StateWriter _) => { }), "noise").End());

    private static void Refuses(Write write, Read read)
    {
        var state = Saved("kind", write);
        var refusal = Assert.Throws<RenderException>(() =>
        {
            var reader = new StateReader(state, "kind");
            read(ref reader);
        });
        Assert.Equal(RenderError.BadCheckpoint, refusal.Error);
    }

    private static byte[] Saved(string kind, Write write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new StateWriter(buffer, kind);
        write(ref writer);
        writer.End();
        return buffer.WrittenSpan.ToArray();
    }
}
