using System.Buffers;
using System.IO.Pipelines;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Scenes;

/// <summary>Bytes through channels.</summary>
internal static class TestBytes
{
    /// <summary>Bytes that a seed decides.</summary>
    public static byte[] Of(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Sends bytes and compares what arrives.</summary>
    public static async Task SendAsync(TransportScene scene, IClusterChannel from, IClusterChannel to, int length)
    {
        var bytes = Of(length, length);
        var writing = from.Output.WriteAsync(bytes, scene.Token).AsTask();
        var got = await ReadAsync(scene, to, length);
        ExpectSame(bytes, got);
        await scene.Wait.For(writing, "the write of bytes that were read");
    }

    /// <summary>Reads a number of bytes.</summary>
    public static async Task<byte[]> ReadAsync(TransportScene scene, IClusterChannel channel, int length)
    {
        var got = new ArrayBufferWriter<byte>();
        while (got.WrittenCount < length)
        {
            var result = await scene.Wait.For(channel.Input.ReadAsync(scene.Token), $"{length} bytes ({got.WrittenCount} are there)");
            Take(channel.Input, result, got);
            Expect.True(!result.IsCompleted || got.WrittenCount >= length, $"{length} bytes", $"the channel ended after {got.WrittenCount}");
        }

        return got.WrittenSpan.ToArray();
    }

    /// <summary>Reads once and lets go of what came: an end that holds on to a buffer cannot be freed.</summary>
    public static async Task ReadOnceAsync(TransportScene scene, IClusterChannel channel)
    {
        var result = await channel.Input.ReadAsync(scene.Token);
        channel.Input.AdvanceTo(result.Buffer.End);
    }

    /// <summary>Reads until the peer has completed.</summary>
    public static async Task<byte[]> ReadToEndAsync(TransportScene scene, IClusterChannel channel)
    {
        var got = new ArrayBufferWriter<byte>();
        while (true)
        {
            var result = await scene.Wait.For(channel.Input.ReadAsync(scene.Token), $"the end of the channel ({got.WrittenCount} bytes are there)");
            Take(channel.Input, result, got);
            if (result.IsCompleted)
            {
                return got.WrittenSpan.ToArray();
            }
        }
    }

    public static void ExpectSame(ReadOnlyMemory<byte> sent, ReadOnlyMemory<byte> got)
    {
        Expect.Equal(sent.Length, got.Length, "the number of bytes that arrived");
        var place = sent.Span.CommonPrefixLength(got.Span);
        Expect.True(place == sent.Length, $"the {sent.Length} bytes that were sent", $"the byte at {place} differs");
    }

    /// <summary>Writes until a flush waits, because nobody reads.</summary>
    /// <returns>How many bytes were written, and the flush that waits.</returns>
    public static async Task<(long Written, Task<FlushResult> Flush)> FillAsync(TransportScene scene, IClusterChannel channel, CancellationToken flushToken)
    {
        var piece = Of(64 * 1024, 1);
        for (var written = (long)piece.Length; written <= scene.Subject.BufferLimit; written += piece.Length)
        {
            var flush = channel.Output.WriteAsync(piece, flushToken).AsTask();

            // What is on its way gets the time that a round trip on another channel takes; a flush that is still there then may wait for good.
            if (!flush.IsCompleted)
            {
                await RoundTripAsync(scene);
            }

            if (!flush.IsCompleted)
            {
                return (written, flush);
            }

            await flush;
        }

        throw new UnmetException($"a flush to wait before {scene.Subject.BufferLimit} bytes are written that nobody reads", "none did");
    }

    /// <summary>One byte there and back on the control channels.</summary>
    public static async Task RoundTripAsync(TransportScene scene)
    {
        await SendAsync(scene, scene.Near.Control, scene.Far.Control, 1);
        await SendAsync(scene, scene.Far.Control, scene.Near.Control, 1);
    }

    private static void Take(PipeReader input, ReadResult result, ArrayBufferWriter<byte> got)
    {
        foreach (var part in result.Buffer)
        {
            got.Write(part.Span);
        }

        input.AdvanceTo(result.Buffer.End);
    }
}
