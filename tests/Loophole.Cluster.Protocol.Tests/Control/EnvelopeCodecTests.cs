using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Loophole.Cluster.Control;
using Loophole.Cluster.Protocol.Tests.Links;
using Loophole.Tests;

namespace Loophole.Cluster.Protocol.Tests.Control;

public sealed class EnvelopeCodecTests
{
    private const string Valid = """
        {"v":1,"id":"17","cid":null,"ts":"2026-01-02T03:04:05.678+00:00","origin":"pulse","target":"signal","domain":"cluster","kind":"command","name":"deploy","priority":"normal","payload":{"a":1},"error":null}
        """;

    private static readonly Envelope Sample = new()
    {
        Id = "17",
        Timestamp = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
        Origin = Party.Pulse,
        Target = Party.Signal,
        Domain = "cluster",
        Kind = EnvelopeKind.Command,
        Name = "deploy",
        Payload = JsonElement.Parse("""{"a":1}"""),
    };

    [Fact]
    public void The_dump_in_the_documentation_is_what_the_encoder_writes() =>
        Assert.Equal(Convert.ToHexString(Documentation.Bytes("envelope")), Convert.ToHexString(Encode(Sample)));

    [Fact]
    public void Every_field_survives_the_way_there_and_back()
    {
        foreach (var kind in Enum.GetValues<EnvelopeKind>())
        {
            foreach (var party in Enum.GetValues<Party>())
            {
                foreach (var priority in Enum.GetValues<EnvelopePriority>())
                {
                    var envelope = Sample with
                    {
                        Id = new string('ü', 128),
                        CommandId = "c\"\\\u0001😀",
                        Kind = kind,
                        Origin = party,
                        Target = (Party)(3 - (int)party),
                        Priority = priority,
                        Error = kind == EnvelopeKind.Error ? new EnvelopeError("busy", "Später – vielleicht.", JsonElement.Parse("""{"x":[1,null]}""")) : null,
                    };
                    var read = Decode(Encode(envelope));
                    Assert.Equal(envelope.Payload.GetRawText(), read.Payload.GetRawText());
                    Assert.Equal(envelope.Error?.Details?.GetRawText(), read.Error?.Details?.GetRawText());
                    Assert.Equal(
                        envelope with { Payload = default, Error = envelope.Error is null ? null : envelope.Error with { Details = null } },
                        read with { Payload = default, Error = read.Error is null ? null : read.Error with { Details = null } });
                }
            }
        }
    }

    [Fact]
    public void Unknown_fields_are_ignored_and_two_envelopes_come_one_by_one()
    {
        var first = Frame(Valid.Replace("\"v\":1", "\"v\":1,\"future\":{\"deep\":[1,2]}", StringComparison.Ordinal));
        var buffer = new ReadOnlySequence<byte>([.. first, .. Encode(Sample with { Id = "18" })]);
        Assert.True(EnvelopeCodec.TryRead(ref buffer, 4096, out var one));
        Assert.True(EnvelopeCodec.TryRead(ref buffer, 4096, out var two));
        Assert.Equal(("17", "18"), (one!.Id, two!.Id));
        Assert.False(EnvelopeCodec.TryRead(ref buffer, 4096, out _));
    }

    [Fact]
    public void Cut_at_every_byte_nothing_is_taken_and_cut_in_two_all_is()
    {
        var bytes = Encode(Sample);
        for (var length = 0; length < bytes.Length; length++)
        {
            var part = new ReadOnlySequence<byte>(bytes, 0, length);
            Assert.False(EnvelopeCodec.TryRead(ref part, 4096, out _));
            Assert.Equal(length, part.Length);
            var cut = Wire.Cut(bytes, length);
            Assert.True(EnvelopeCodec.TryRead(ref cut, 4096, out var envelope));
            Assert.Equal("17", envelope!.Id);
        }
    }

    public static TheoryData<string, EnvelopeFault, bool, string> Faults => new()
    {
        { Valid.Replace("\"v\":1", "\"v\":2", StringComparison.Ordinal), EnvelopeFault.Version, true, "Field v" },
        { Valid.Replace("\"v\":1", "\"v\":1.5", StringComparison.Ordinal), EnvelopeFault.Version, true, "Field v" },
        { Valid.Replace("\"v\":1,", "", StringComparison.Ordinal), EnvelopeFault.MissingField, true, "Field v" },
        { Valid.Replace("\"id\":\"17\",", "", StringComparison.Ordinal), EnvelopeFault.BadValue, false, "Field id" },
        { Valid.Replace("\"17\"", "\"\"", StringComparison.Ordinal), EnvelopeFault.BadValue, false, "Field id" },
        { Valid.Replace("\"17\"", "17", StringComparison.Ordinal), EnvelopeFault.BadValue, false, "Field id" },
        { Valid.Replace("\"17\"", "\"\\ud800\"", StringComparison.Ordinal), EnvelopeFault.BadValue, false, "Field id" },
        { Valid.Replace("\"17\"", $"\"{new string('x', 129)}\"", StringComparison.Ordinal), EnvelopeFault.BadValue, false, "Field id" },
        { Valid.Replace("\"cid\":null", "\"cid\":\"\"", StringComparison.Ordinal), EnvelopeFault.BadValue, true, "Field cid" },
        { Valid.Replace("\"cid\":null", "\"cid\":5", StringComparison.Ordinal), EnvelopeFault.WrongType, true, "Field cid" },
        { Valid.Replace("command", "response", StringComparison.Ordinal), EnvelopeFault.BadValue, true, "Field cid" },
        { Valid.Replace("2026-01-02", "tomorrow", StringComparison.Ordinal), EnvelopeFault.BadValue, true, "Field ts" },
        { Valid.Replace("pulse", "Pulse", StringComparison.Ordinal), EnvelopeFault.UnknownWord, true, "Field origin" },
        { Valid.Replace("\"signal\"", "\"mars\"", StringComparison.Ordinal), EnvelopeFault.UnknownWord, true, "Field target" },
        { Valid.Replace("\"signal\"", "2", StringComparison.Ordinal), EnvelopeFault.WrongType, true, "Field target" },
        { Valid.Replace("command", "wish", StringComparison.Ordinal), EnvelopeFault.UnknownWord, true, "Field kind" },
        { Valid.Replace("\"normal\"", "\"soon\"", StringComparison.Ordinal), EnvelopeFault.UnknownWord, true, "Field priority" },
        { Valid.Replace("\"cluster\"", "\"Cluster\"", StringComparison.Ordinal), EnvelopeFault.BadValue, true, "Field domain" },
        { Valid.Replace("\"deploy\"", "\"de-ploy\"", StringComparison.Ordinal), EnvelopeFault.BadValue, true, "Field name" },
        { Valid.Replace("\"deploy\"", $"\"{new string('d', 65)}\"", StringComparison.Ordinal), EnvelopeFault.BadValue, true, "Field name" },
        { Valid.Replace("{\"a\":1}", "[1]", StringComparison.Ordinal), EnvelopeFault.WrongType, true, "Field payload" },
        { Valid.Replace("\"error\":null", "\"error\":{\"code\":\"x\",\"message\":\"\"}", StringComparison.Ordinal), EnvelopeFault.BadValue, true, "Field error" },
        { Valid.Replace("command", "error", StringComparison.Ordinal), EnvelopeFault.BadValue, true, "Field error" },
        { Valid.Replace("\"error\":null", "\"error\":{\"code\":\"X\",\"message\":\"\"}", StringComparison.Ordinal), EnvelopeFault.BadValue, true, "Field code" },
        { Valid.Replace("\"error\":null", "\"error\":{\"code\":\"x\"}", StringComparison.Ordinal), EnvelopeFault.MissingField, true, "Field message" },
        { Valid.Replace("\"v\":1", "\"v\":1,\"v\":1", StringComparison.Ordinal), EnvelopeFault.NotJson, false, "strict JSON" },
        { Valid.Replace("\"a\":1", "\"a\":1,\"a\":2", StringComparison.Ordinal), EnvelopeFault.NotJson, false, "strict JSON" },
        { Valid.Replace("\"a\":1", $"\"a\":{new string('[', 63)}{new string(']', 63)}", StringComparison.Ordinal), EnvelopeFault.NotJson, false, "strict JSON" },
        { Valid + "x", EnvelopeFault.NotJson, false, "strict JSON" },
        { Valid.Replace("1}", "1,}", StringComparison.Ordinal), EnvelopeFault.NotJson, false, "strict JSON" },
        { "[]", EnvelopeFault.NotJson, false, "object" },
        { "nul", EnvelopeFault.NotJson, false, "strict JSON" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void A_bad_envelope_is_refused_by_name(string json, EnvelopeFault fault, bool canContinue, string named)
    {
        var next = Encode(Sample with { Id = "next" });
        var buffer = new ReadOnlySequence<byte>([.. Frame(json), .. next]);
        EnvelopeException? refused = null;
        try
        {
            EnvelopeCodec.TryRead(ref buffer, 4096, out _);
        }
        catch (EnvelopeException exception)
        {
            refused = exception;
        }

        Assert.NotNull(refused);
        Assert.Equal((fault, canContinue), (refused.Fault, refused.CanContinue));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        if (canContinue)
        {
            Assert.Equal("17", refused.EnvelopeId);
            Assert.True(EnvelopeCodec.TryRead(ref buffer, 4096, out var following));
            Assert.Equal("next", following!.Id);
        }
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(4097u)]
    [InlineData(uint.MaxValue)]
    public void A_length_out_of_range_is_refused_before_anything_is_waited_for(uint length)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, length);
        var refused = Assert.Throws<EnvelopeException>(() => Decode(bytes));
        Assert.Equal((EnvelopeFault.Length, false), (refused.Fault, refused.CanContinue));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        var bytes = Frame(Valid);
        bytes[Array.LastIndexOf(bytes, (byte)'a')] = 0xFF;
        Assert.Equal(EnvelopeFault.NotJson, Assert.Throws<EnvelopeException>(() => Decode(bytes)).Fault);
    }

    [Fact]
    public void What_would_be_refused_is_not_written()
    {
        Envelope[] bad =
        [
            Sample with { Version = 2 }, Sample with { Id = "" }, Sample with { Id = new string('x', 129) }, Sample with { CommandId = "" },
            Sample with { Kind = EnvelopeKind.Response }, Sample with { Kind = EnvelopeKind.Error }, Sample with { Kind = (EnvelopeKind)9 },
            Sample with { Origin = (Party)9 }, Sample with { Target = (Party)(-1) }, Sample with { Priority = (EnvelopePriority)4 },
            Sample with { Domain = "Cluster" }, Sample with { Name = "" }, Sample with { Payload = default },
            Sample with { Error = new EnvelopeError("x", "") }, Sample with { Kind = EnvelopeKind.Error, Error = new EnvelopeError("X", "") },
            Sample with { Payload = JsonElement.Parse("""{"a":"\ud800"}""") },
            Sample with { Payload = JsonElement.Parse($"{{\"a\":{new string('[', 63)}{new string(']', 63)}}}", new JsonDocumentOptions { MaxDepth = 70 }) },
        ];
        foreach (var envelope in bad)
        {
            var output = new ArrayBufferWriter<byte>();
            Assert.ThrowsAny<ArgumentException>(() => EnvelopeCodec.Write(output, envelope));
            Assert.Equal(0, output.WrittenCount);
        }
    }

    [Fact]
    public void No_mutation_ends_in_anything_but_a_named_failure()
    {
        const int Seed = 20262;
        var random = new Random(Seed);
        var counts = new Dictionary<string, int>();
        var originals = new[] { Frame(Valid), Encode(Sample with { Kind = EnvelopeKind.Error, CommandId = "3", Error = new EnvelopeError("busy", "é", Sample.Payload) }) };
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = Mutation.Of(originals[i % 2], random);
            if (bytes.Length > 4 && i % 3 != 0)
            {
                // Most mutations go past the length, to the JSON.
                BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length - 4);
            }

            var buffer = bytes.Length > 2 && i % 5 == 0 ? Wire.Cut(bytes, random.Next(bytes.Length)) : new ReadOnlySequence<byte>(bytes);
            string outcome;
            try
            {
                outcome = EnvelopeCodec.TryRead(ref buffer, 4096, out _) ? "read" : "more";
            }
            catch (EnvelopeException refused)
            {
                outcome = refused.Fault.ToString();
            }
            catch (Exception exception)
            {
                Assert.Fail($"Seed {Seed}, mutation {i}: {exception}");
                return;
            }

            counts[outcome] = counts.GetValueOrDefault(outcome) + 1;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}: {string.Join(", ", counts)}");
        Assert.Equal(9, counts.Count);
    }

    internal static byte[] Frame(string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        var bytes = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, body.Length);
        body.CopyTo(bytes, 4);
        return bytes;
    }

    internal static byte[] Encode(Envelope envelope)
    {
        var output = new ArrayBufferWriter<byte>();
        EnvelopeCodec.Write(output, envelope);
        return output.WrittenSpan.ToArray();
    }

    private static Envelope Decode(byte[] bytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        Assert.True(EnvelopeCodec.TryRead(ref buffer, 4096, out var envelope));
        Assert.True(buffer.IsEmpty);
        return envelope;
    }
}
