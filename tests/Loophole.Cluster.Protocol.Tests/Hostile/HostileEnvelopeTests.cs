using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.RegularExpressions;
using Loophole.Cluster.Control;
using Loophole.Cluster.Protocol.Tests.Links;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Protocol.Tests.Hostile;

/// <summary>A peer that sends wrong envelopes: each is taken as valid, or refused by the name of a field; nothing else happens.</summary>
public sealed partial class HostileEnvelopeTests
{
    [Fact]
    public async Task Every_wrong_envelope_is_taken_as_valid_or_refused_by_name()
    {
        var run = new HostileRun("envelopes", 35);
        await run.RunAsync(() =>
        {
            for (var i = 0; i < run.Count; i++)
            {
                ReadOne(run, i);
            }

            return Task.CompletedTask;
        });
        run.Finish(HostileEnvelopes.Fields);
    }

    [Fact]
    public async Task A_control_channel_goes_on_after_what_it_can_tell_apart_and_ends_by_name_after_the_rest()
    {
        const int Batch = 16;
        var run = new HostileRun("control channels", 8);
        var pool = new TestKit.CountingMemoryPool();
        var endedInOrder = 0;
        await run.RunAsync(async () =>
        {
            for (var i = 0; i < run.Count;)
            {
                var (sent, isFatal) = await TalkAsync(run, i, Math.Min(Batch, run.Count - i), pool);
                Assert.True(pool.Outstanding == 0, run.At(i));
                i += sent;
                endedInOrder += isFatal ? 0 : 1;
            }
        });
        run.Finish(HostileEnvelopes.Fields);
        Assert.True(endedInOrder > 0, "Every batch was fatal.");
        Assert.InRange(pool.MostOutstanding, 1, 64);
    }

    private static void ReadOne(HostileRun run, int index)
    {
        var (bytes, field) = HostileEnvelopes.Next(run.Random);
        var where = $"{run.At(index)} ({field})";
        var buffer = index % 5 == 0 ? Wire.Cut(bytes, run.Random.Next(bytes.Length + 1)) : new ReadOnlySequence<byte>(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        EnvelopeException? refusal = null;
        Envelope? envelope = null;
        try
        {
            _ = EnvelopeCodec.TryRead(ref buffer, HostileEnvelopes.MaxLength, out envelope);
        }
        catch (EnvelopeException exception)
        {
            refusal = exception;
        }
        catch (Exception exception)
        {
            Assert.Fail($"{where}: {exception}");
        }

        run.AddAllocated(GC.GetAllocatedBytesForCurrentThread() - before, where);
        run.Add(field, refusal is not null);
        Judge(where, field, bytes, envelope, refusal);
    }

    private static void Judge(string where, string field, byte[] bytes, Envelope? envelope, EnvelopeException? refusal)
    {
        if (refusal is not null)
        {
            Assert.True(
                HostileEnvelopes.MayBeNamed(field).Any(n => refusal.Message.Contains(n, StringComparison.Ordinal)), $"{where}: \"{refusal.Message}\" does not name it");
            Assert.True(refusal.EnvelopeId is null or { Length: >= 1 and <= 128 }, where);
            Assert.True(IsWord(refusal.Domain) && IsWord(refusal.Name), where);
        }
        else if (envelope is null)
        {
            // More is waited for, and a length is the only thing that can say so.
            Assert.True(field == "length", $"{where}: nothing came of {bytes.Length} bytes");
        }
        else
        {
            Assert.True(
                envelope.Version == 1 && envelope.Id is { Length: >= 1 and <= 128 } && envelope.CommandId is null or { Length: >= 1 and <= 128 }
                && Enum.IsDefined(envelope.Origin) && Enum.IsDefined(envelope.Target) && Enum.IsDefined(envelope.Kind) && Enum.IsDefined(envelope.Priority)
                && IsWord(envelope.Domain) && IsWord(envelope.Name) && envelope.Payload.ValueKind == JsonValueKind.Object
                && (envelope.Error is null) == (envelope.Kind != EnvelopeKind.Error) && (envelope.CommandId is not null || envelope.Kind != EnvelopeKind.Response)
                && (envelope.Error is null || (IsWord(envelope.Error.Code) && envelope.Error.Details is null or { ValueKind: JsonValueKind.Object })),
                $"{where}: {envelope} was taken");
        }
    }

    /// <summary>Sends envelopes through a channel, up to the first that must end it.</summary>
    private static async Task<(int Sent, bool IsFatal)> TalkAsync(HostileRun run, int first, int most, TestKit.CountingMemoryPool pool)
    {
        var options = new PipeOptions(pool, pauseWriterThreshold: 0, useSynchronizationContext: false);
        var (input, output) = (new Pipe(options), new Pipe(options));
        await using var control = new PipeControlChannel(
            new PipeClusterChannel(new Ends(input.Reader, output.Writer), ChannelPurpose.Control),
            new PipeControlChannelOptions { Party = Party.Signal, MaxEnvelopeLength = HostileEnvelopes.MaxLength, MaxQueuedEnvelopes = most });
        var handler = new Handler();
        var isFatal = false;
        var (sent, taken) = (0, 0);
        while (sent < most && !isFatal)
        {
            var (bytes, field) = HostileEnvelopes.Next(run.Random);
            (var isRefused, isFatal, var isForHandler) = Expect(bytes);
            sent++;
            taken += isForHandler ? 1 : 0;
            run.Add(field, isRefused);
            input.Writer.Write(bytes);
        }

        await input.Writer.FlushAsync();
        await input.Writer.CompleteAsync();
        var where = $"{run.At(first)}, {sent} at once";
        Exception? end = null;
        try
        {
            await control.RunAsync(handler);
        }
        catch (Exception exception)
        {
            end = exception;
        }

        await output.Reader.CompleteAsync();
        Assert.True(end is null or EnvelopeException or TransportException, $"{where}: {end}");
        Assert.True(end is not null == isFatal, $"{where}: expected {(isFatal ? "an end" : "no end")}, got {end}");

        // What was still queued when the channel was aborted may be dropped.
        Assert.True(isFatal ? handler.Taken <= taken : handler.Taken == taken, $"{where}: the handler has {handler.Taken} of {taken}");
        return (sent, isFatal);
    }

    private static (bool IsRefused, bool IsEnd, bool IsForHandler) Expect(byte[] bytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        try
        {
            // A length that is too long makes what follows part of it; one that is too short makes what is left over garbage.
            return EnvelopeCodec.TryRead(ref buffer, HostileEnvelopes.MaxLength, out var envelope)
                ? (false, !buffer.IsEmpty, envelope.Kind is EnvelopeKind.Command or EnvelopeKind.Event or EnvelopeKind.Snapshot)
                : (false, true, false);
        }
        catch (EnvelopeException refusal)
        {
            return (true, !refusal.CanContinue || !buffer.IsEmpty, false);
        }
    }

    private static bool IsWord(string text) => Word().IsMatch(text);

    [GeneratedRegex("^[a-z][A-Za-z0-9]{0,63}\\z")]
    private static partial Regex Word();

    private sealed class Handler : IControlHandler
    {
        private int _taken;

        public int Taken => Volatile.Read(ref _taken);

        public ValueTask<JsonElement> HandleCommandAsync(Envelope command, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _taken);
            return ValueTask.FromResult(Envelope.EmptyPayload);
        }

        public ValueTask HandleEventAsync(Envelope envelope, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _taken);
            return default;
        }
    }

    private sealed class Ends(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
