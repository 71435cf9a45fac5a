using System.Buffers.Binary;
using System.Net;
using Loophole.Cluster.Discovery;
using Loophole.Cluster.Discovery.Dns;
using Loophole.Cluster.Tests.Discovery.Support;

namespace Loophole.Cluster.Tests.Discovery;

/// <summary>Messages of multicast DNS, ours and anybody's.</summary>
public sealed class DnsCodecTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var names = Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomName(random)).ToList();
            var records = Enumerable.Range(0, random.Next(0, 12)).Select(_ => RandomRecord(random, names)).ToList();
            var writer = new DnsWriter();
            writer.Begin(isResponse: true);
            Assert.True(writer.TryAsk(names[0], DnsType.Ptr));
            records.ForEach(record => Assert.True(writer.TryWrite(record, DnsSection.Answers), $"seed {seed}"));

            Assert.True(DnsReader.TryOpen(writer.Message, out var reader), $"seed {seed}");
            Assert.True(reader.TryReadQuestion(out var question));
            Assert.True(question.Name.ToName().Equals(names[0]) && question.AsksFor(DnsType.Ptr) && !question.AsksFor(DnsType.A), $"seed {seed}");
            Assert.False(reader.TryReadQuestion(out _));
            foreach (var record in records)
            {
                Assert.True(reader.TryReadRecord(out var read), $"seed {seed}");
                Assert.True(record.IsSaidBy(read) && read.TimeToLive == record.TimeToLive && read.IsUnique == record.IsUnique && read.Section == DnsSection.Answers, $"seed {seed}: {record}");
                Assert.Equal(record.Name, read.Name.ToName());
            }

            Assert.False(reader.TryReadRecord(out _));
        }
    }

    [Fact]
    public void Ends_of_names_that_were_written_before_are_pointers()
    {
        var writer = new DnsWriter();
        writer.Begin(isResponse: true);
        var service = DnsName.Of("_loophole-signal", "_tcp", "local");
        writer.TryWrite(DnsRecord.Pointer(service, service.Child("studio")), DnsSection.Answers);
        var length = writer.Message.Length;
        writer.TryWrite(DnsRecord.Pointer(service, service.Child("studio")), DnsSection.Answers);
        // Two pointers and ten bytes between them.
        Assert.Equal(length + 14, writer.Message.Length);
    }

    [Fact]
    public void A_message_of_the_specification_is_read()
    {
        // RFC 1035, 4.1.4: F.ISI.ARPA at 20, FOO.F.ISI.ARPA at 40, ARPA at 64, the root at 92.
        var message = new byte[93];
        "\u0001F\u0003ISI\u0004ARPA\0"u8.CopyTo(message.AsSpan(20));
        "\u0003FOO"u8.CopyTo(message.AsSpan(40));
        (message[44], message[45]) = (0xC0, 20);
        (message[64], message[65]) = (0xC0, 26);
        Assert.Equal(12, WireName.Measure(message, 20));
        Assert.Equal(6, WireName.Measure(message, 40));
        Assert.Equal(2, WireName.Measure(message, 64));
        Assert.Equal(1, WireName.Measure(message, 92));
        Assert.Equal(DnsName.Of("foo", "f", "isi", "arpa"), new WireName(message, 40).ToName());
        Assert.True(new WireName(message, 64).Is(DnsName.Of("arpa")));
        Assert.False(new WireName(message, 40).Is(DnsName.Of("foo", "f", "isi")));
    }

    [Theory]
    [InlineData("C00C", "a pointer at itself")]
    [InlineData("C00E", "a pointer ahead")]
    [InlineData("0161C00C", "a pointer at the name that it is in")]
    [InlineData("0161", "no end")]
    [InlineData("0561", "a label that is cut off")]
    [InlineData("4061", "a label of a reserved kind")]
    [InlineData("8000", "a label of another reserved kind")]
    [InlineData("C0", "half a pointer")]
    [InlineData("", "nothing")]
    public void What_is_no_name_is_refused(string name, string what)
    {
        byte[] message = [.. new byte[DnsReader.HeaderLength], .. Convert.FromHexString(name)];
        Assert.True(WireName.Measure(message, DnsReader.HeaderLength) == 0, what);
    }

    [Fact]
    public void Two_pointers_at_each_other_are_refused()
    {
        byte[] message = [.. new byte[DnsReader.HeaderLength], 0xC0, 14, 0xC0, 12];
        Assert.Equal(0, WireName.Measure(message, 12));
        Assert.Equal(0, WireName.Measure(message, 14));
    }

    [Fact]
    public void A_name_may_have_255_bytes_and_not_one_more()
    {
        // Labels of 63, 63, 63 and 61 bytes, their lengths, and the end.
        byte[] Name(int last) => [.. new byte[DnsReader.HeaderLength], .. Label(63), .. Label(63), .. Label(63), .. Label(last), 0];
        static byte[] Label(int length) => [(byte)length, .. Enumerable.Repeat((byte)'a', length)];
        Assert.Equal(255, WireName.Measure(Name(61), 12));
        Assert.Equal(0, WireName.Measure(Name(62), 12));

        // The same by a chain of pointers, which makes much of little.
        var chain = new List<byte>(new byte[DnsReader.HeaderLength]) { 1, (byte)'a', 0 };
        for (var link = 0; link < 200; link++)
        {
            var previous = link == 0 ? DnsReader.HeaderLength : chain.Count - 4;
            chain.AddRange([1, (byte)'a', (byte)(0xC0 | previous >> 8), (byte)previous]);
        }

        var at = DnsReader.HeaderLength + 3;
        Assert.All(Enumerable.Range(0, 126), link => Assert.Equal(4, WireName.Measure(chain.ToArray(), at + (4 * link))));
        Assert.All(Enumerable.Range(126, 74), link => Assert.Equal(0, WireName.Measure(chain.ToArray(), at + (4 * link))));
    }

    [Fact]
    public void A_message_that_is_cut_off_is_refused()
    {
        var message = RawPeer.Response(RawPeer.Node("studio", IPAddress.Parse("10.0.0.9")));
        Assert.True(DnsReader.TryOpen(message, out _));
        Assert.All(Enumerable.Range(0, message.Length), length => Assert.False(DnsReader.TryOpen(message.AsSpan(0, length), out _)));
    }

    [Fact]
    public void Counts_of_records_that_are_not_there_cost_nothing()
    {
        var message = new byte[DnsReader.HeaderLength];
        message.AsSpan(4).Fill(0xFF);
        DnsReader.TryOpen(message, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(DnsReader.TryOpen(message, out _));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(nameof(DnsType.A), 3)]
    [InlineData(nameof(DnsType.A), 5)]
    [InlineData(nameof(DnsType.Aaaa), 4)]
    [InlineData(nameof(DnsType.Srv), 6)]
    [InlineData(nameof(DnsType.Ptr), 0)]
    public void Data_of_another_shape_than_the_type_asks_for_are_refused(string type, int length)
    {
        var writer = new DnsWriter();
        writer.Begin(isResponse: true);
        // As text, which may be anything, and then called something else.
        writer.TryWrite(new DnsRecord(ServiceNames.Local, DnsType.Txt, true, 1, new byte[length]), DnsSection.Answers);
        var message = writer.Message.ToArray();
        Assert.True(DnsReader.TryOpen(message, out _));
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(DnsReader.HeaderLength + ServiceNames.Local.Bytes.Length), (ushort)Enum.Parse<DnsType>(type));
        Assert.False(DnsReader.TryOpen(message, out _));
    }

    [Theory]
    [InlineData(0x0800, "another kind of question")]
    [InlineData(0x0003, "an error")]
    public void What_is_not_for_multicast_is_refused(int flags, string what)
    {
        var message = RawPeer.Query(RawPeer.Service, DnsType.Ptr);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)flags);
        Assert.False(DnsReader.TryOpen(message, out _), what);
    }

    [Fact]
    public void What_does_not_fit_is_left_out_whole()
    {
        var writer = new DnsWriter();
        writer.Begin(isResponse: true);
        var count = 0;
        while (writer.TryWrite(DnsRecord.Text(RawPeer.Service.Child($"node {count}"), new byte[100]), DnsSection.Answers))
        {
            count++;
        }

        Assert.InRange(count, 10, 14);
        Assert.True(DnsReader.TryOpen(writer.Message, out var reader));
        for (; count > 0; count--)
        {
            Assert.True(reader.TryReadRecord(out _));
        }

        Assert.False(reader.TryReadRecord(out _));
        Assert.True(writer.TryWrite(DnsRecord.Pointer(RawPeer.Service, RawPeer.Service.Child("x")), DnsSection.Additionals));
    }

    [Fact]
    public void Case_does_not_count_for_letters_of_ascii_and_for_nothing_else()
    {
        var (lower, upper) = (DnsName.Of("stüdio", "local"), DnsName.Of("STüDIO", "LOCAL"));
        Assert.Equal(lower, upper);
        Assert.Equal(lower.GetHashCode(), upper.GetHashCode());
        Assert.NotEqual(lower, DnsName.Of("STÜDIO", "local"));
        Assert.NotEqual(DnsName.Of("a[", "local"), DnsName.Of("a{", "local"));
        Assert.True(lower.IsChildOf(ServiceNames.Local));
        Assert.False(lower.Child("x").IsChildOf(ServiceNames.Local));
    }

    private static DnsName RandomName(Random random)
    {
        var labels = Enumerable.Range(0, random.Next(1, 5)).Select(_ => new string([.. Enumerable.Range(0, random.Next(1, 16)).Select(_ => "abcXYZ09 -_ü本"[random.Next(13)])])).ToArray();
        return DnsName.Of(labels);
    }

    private static DnsRecord RandomRecord(Random random, List<DnsName> names)
    {
        var name = random.Next(2) == 0 ? names[random.Next(names.Count)] : names[random.Next(names.Count)].Child("of");
        var address = new byte[random.Next(2) == 0 ? 4 : 16];
        random.NextBytes(address);
        return random.Next(5) switch
        {
            0 => DnsRecord.Pointer(name, names[0]),
            1 => DnsRecord.Service(name, random.Next(1, 65536), names[^1]),
            2 => DnsRecord.Text(name, address),
            3 => DnsRecord.Types(name, DnsType.A, DnsType.Srv),
            _ => DnsRecord.Address(name, new IPAddress(address)),
        };
    }
}
