using System.Buffers;
using System.IO.Pipelines;
using Loophole.Cluster.Links;
using Loophole.Cluster.Protocol.Tests.Links;

namespace Loophole.Cluster.Protocol.Tests.Hostile;

/// <summary>A peer that sends wrong audio frames: each is taken as valid, or refused by the name of a field; nothing else happens.</summary>
public sealed class HostileFrameTests
{
    private static readonly byte[][] Exchange = Wire.Exchange();

    [Fact]
    public async Task Every_wrong_frame_is_taken_as_valid_or_refused_by_name()
    {
        var run = new HostileRun("frames", 55);
        await run.RunAsync(async () =>
        {
            for (var i = 0; i < run.Count; i++)
            {
                FeedOne(run, i);
                if (i % 256 == 0)
                {
                    // A link tells of its end in the pool. Where every other thread is taken, that waits behind this one, and a queue that grows would count as the link's memory.
                    await Task.Yield();
                }
            }
        });
        run.Finish(HostileFrames.Fields);
    }

    [Fact]
    public async Task Through_a_real_pipe_in_pieces_nothing_rented_stays_out()
    {
        var run = new HostileRun("frames in pieces", 2);
        var pool = new TestKit.CountingMemoryPool();
        await run.RunAsync(async () =>
        {
            for (var i = 0; i < run.Count; i++)
            {
                await FeedInPiecesAsync(run, i, pool);
                Assert.True(pool.Outstanding == 0, run.At(i));
            }
        });
        run.Finish(HostileFrames.Fields);
        Assert.InRange(pool.MostOutstanding, 1, 2);
    }

    private static void FeedOne(HostileRun run, int index)
    {
        var (bytes, field) = HostileFrames.Next(Exchange, run.Random);
        var input = index % 4 == 0 ? Wire.Cut(bytes, run.Random.Next(bytes.Length + 1)) : new ReadOnlySequence<byte>(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var recorder = new Recorder();
        AudioLinkException? refusal = null;
        var link = Wire.NewLink(input);
        try
        {
            while (link.Receive(recorder))
            {
            }
        }
        catch (AudioLinkException exception)
        {
            refusal = exception;
        }
        catch (Exception exception)
        {
            Assert.Fail($"{run.At(index)} ({field}): {exception}");
        }

        link.DisposeAsync().AsTask().GetAwaiter().GetResult();
        run.AddAllocated(GC.GetAllocatedBytesForCurrentThread() - before, $"{run.At(index)} ({field})");
        Judge(run, index, field, recorder, refusal);
    }

    private static async Task FeedInPiecesAsync(HostileRun run, int index, TestKit.CountingMemoryPool pool)
    {
        var (bytes, field) = HostileFrames.Next(Exchange, run.Random);
        var pipe = new Pipe(new PipeOptions(pool, PipeScheduler.Inline, PipeScheduler.Inline, minimumSegmentSize: 4096, useSynchronizationContext: false));
        var recorder = new Recorder();
        AudioLinkException? refusal = null;
        await using (var link = Wire.NewLinkOver(pipe.Reader))
        {
            var receiving = ReceiveAllAsync(link, recorder);
            for (var at = 0; at < bytes.Length && !receiving.IsCompleted;)
            {
                var count = Math.Min(run.Random.Next(1, 60), bytes.Length - at);
                await pipe.Writer.WriteAsync(bytes.AsMemory(at, count));
                at += count;
            }

            await pipe.Writer.CompleteAsync();
            refusal = await receiving;
        }

        Judge(run, index, field, recorder, refusal);
    }

    private static async Task<AudioLinkException?> ReceiveAllAsync(PipeAudioLink link, Recorder recorder)
    {
        try
        {
            while (await link.ReceiveAsync(recorder))
            {
            }

            return null;
        }
        catch (AudioLinkException refusal)
        {
            return refusal;
        }
    }

    private static void Judge(HostileRun run, int index, string field, Recorder recorder, AudioLinkException? refusal)
    {
        run.Add(field, refusal is not null);
        var where = $"{run.At(index)} ({field})";
        if (refusal is not null)
        {
            Assert.True(refusal.Error is AudioLinkError.ProtocolViolation or AudioLinkError.PeerReset, $"{where}: {refusal}");
            Assert.True(
                HostileFrames.MayBeNamed(field).Any(f => refusal.Message.Contains(f, StringComparison.Ordinal)), $"{where}: \"{refusal.Message}\" does not name it");
        }

        Assert.True(field is not ("version" or "flags" or "channels" or "reserved" or "reserved end" or "sequence" or "payload length") || refusal is not null, $"{where} was taken");

        // However it ended, what was handed over kept to the rules.
        foreach (var stream in (AudioStream[])[Wire.First, Wire.Second])
        {
            var next = stream.StartFrame;
            foreach (var (header, _, samples) in recorder.Blocks.Where(b => b.Header.StreamId == stream.Id))
            {
                Assert.True(
                    header.StartFrame == next && header.Epoch == stream.Epoch && header.AudioChannels == stream.AudioChannels
                    && header.FrameCount <= stream.MaxFramesPerBlock && samples.Length == header.FrameCount * stream.AudioChannels,
                    $"{where}: {header} was handed over");
                next += header.FrameCount;
            }

            Assert.True(next <= (stream.Id == Wire.First.Id ? 1010 : 100), $"{where}: beyond the credit");
        }

        Assert.True(recorder.Blocks.All(b => b.Header.StreamId == Wire.First.Id || b.Header.StreamId == Wire.Second.Id), where);
        Assert.True(recorder.Credits.All(c => c.StreamId == 20 && c.LimitFrame >= 0), where);
        Assert.True(recorder.Horizons.Order().SequenceEqual(recorder.Horizons), where);
    }
}
