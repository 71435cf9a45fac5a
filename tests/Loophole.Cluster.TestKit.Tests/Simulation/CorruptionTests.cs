using System.Runtime.InteropServices;
using Loophole.Cluster.Links;
using Loophole.Cluster.TestKit.Impairment;

namespace Loophole.Cluster.TestKit.Tests.Simulation;

/// <summary>One byte of an audio frame arrives with flipped bits: the link fails by name, or hands over what the bytes say, and nothing else.</summary>
public sealed class CorruptionTests
{
    private const int HeaderBytes = 40;
    private static readonly AudioStream Stream = new(Id: 5, Epoch: 2, AudioChannels: 2, MaxFramesPerBlock: 16, StartFrame: 960);
    private static readonly float[] Samples = [.. Enumerable.Range(1, 16).Select(i => i / 32f)];

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x80)]
    [InlineData(0xFF)]
    public async Task Every_byte_of_a_frame_that_is_corrupt_is_a_named_violation_or_an_intact_delivery(byte mask)
    {
        for (var position = 0; position < HeaderBytes + (Samples.Length * sizeof(float)); position++)
        {
            await CorruptAsync(position, mask);
        }
    }

    private static async Task CorruptAsync(int position, byte mask)
    {
        await using var scene = await SimScene.StartAsync();
        await using var near = await SimScene.Wait.For(scene.Near.OpenAudioLinkAsync(SimScene.Token));
        await using var far = await SimScene.Wait.For(scene.Far.AcceptAudioLinkAsync(SimScene.Token));
        near.OpenStream(Stream, StreamDirection.Send);
        far!.OpenStream(Stream, StreamDirection.Receive);
        far.Grant(Stream.Id, Stream.StartFrame + 1000);
        await SimScene.Wait.For(far.FlushAsync(SimScene.Token));
        var heard = new Taken();
        await SimScene.Wait.For(near.ReceiveAsync(heard, SimScene.Token));

        scene.There.Run(new FaultScript(FaultStep.AfterBytes(position, Fault.Corrupt(mask))));
        Assert.True(near.TrySend(Stream.Id, Stream.StartFrame, Samples));
        await SimScene.Wait.For(near.CompleteAsync(SimScene.Token));
        AudioLinkException? failure = null;
        try
        {
            while (await SimScene.Wait.For(far.ReceiveAsync(heard, SimScene.Token)))
            {
            }
        }
        catch (AudioLinkException exception)
        {
            failure = exception;
        }

        if (position >= HeaderBytes)
        {
            // Samples are not checked, so they arrive as they are, and the frame is whole.
            Assert.Null(failure);
            var expected = MemoryMarshal.AsBytes(Samples.AsSpan()).ToArray();
            expected[position - HeaderBytes] ^= mask;
            Assert.Equal(expected, heard.Bytes);
        }
        else if (failure is not null)
        {
            Assert.Equal(AudioLinkError.ProtocolViolation, failure.Error);
            Assert.Null(heard.Bytes);
        }
        else
        {
            // A stream or epoch that is not open is dropped by number.
            Assert.Null(heard.Bytes);
            Assert.InRange(position, 4, 19);
        }
    }

    private sealed class Taken : IAudioLinkReceiver
    {
        public byte[]? Bytes { get; private set; }

        public void OnBlock(in AudioBlock block)
        {
            Assert.Equal(new AudioBlockHeader(Stream.Id, Stream.Epoch, Stream.StartFrame, 8, 2), block.Header);
            var samples = new float[block.SampleCount];
            block.CopyTo(0, samples);
            Bytes = MemoryMarshal.AsBytes(samples.AsSpan()).ToArray();
        }

        public void OnCredit(int streamId, long limitFrame)
        {
        }

        public void OnHorizon(long horizonFrame)
        {
        }
    }
}
