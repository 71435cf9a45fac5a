using System.Buffers.Binary;

namespace Loophole.Cluster.Protocol.Tests.Hostile;

/// <summary>A valid exchange with one thing wrong: a field of a header, or the order of frames.</summary>
internal static class HostileFrames
{
    private static readonly (string Name, int Offset, int Length)[] Headers =
    [
        ("version", 0, 1), ("type", 1, 1), ("flags", 2, 2), ("stream id", 4, 4), ("position", 8, 8), ("epoch", 16, 4), ("frames", 20, 4),
        ("channels", 24, 2), ("reserved", 26, 2), ("sequence", 28, 4), ("payload length", 32, 4), ("reserved end", 36, 4),
    ];

    private static readonly string[] Orders = ["replay", "swap", "loss", "cut"];

    // Of the limits, the streams and the exchange itself, and of how numbers are stored.
    private static readonly long[] Numbers =
    [
        0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 20, 63, 64, 65, 99, 512, 1000, 1002, 1006, 1010, 4096, 4800, 8191, 8192, 8193, 32767, 32768, 65535, 65536,
        int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, -1, -2,
    ];

    /// <summary>What can be wrong.</summary>
    public static IEnumerable<string> Fields => [.. Headers.Select(h => h.Name), .. Orders];

    /// <summary>What may be named when this is wrong: the field itself, and those it must agree with.</summary>
    public static string[] MayBeNamed(string field) => field switch
    {
        "version" or "sequence" or "payload length" => [field],
        "reserved" or "reserved end" => ["reserved"],
        "flags" => [field, "payload length"],
        "channels" => [field, "payload length"],

        // A silent block of another length is valid, and the next one then no longer where it should be.
        "frames" => [field, "payload length", "position"],
        "position" => [field, "frames"],
        "epoch" => [field, "position", "sequence"],
        _ => [.. Headers.Select(h => h.Name), "bytes after the end frame", "went away"],
    };

    /// <summary>Makes one exchange with one thing wrong.</summary>
    /// <returns>The bytes and what is wrong with them.</returns>
    public static (byte[] Bytes, string Field) Next(byte[][] exchange, Random random)
    {
        var kind = random.Next(Headers.Length + Orders.Length);
        var at = random.Next(exchange.Length);
        if (kind >= Headers.Length)
        {
            return (Reorder(exchange, at, Orders[kind - Headers.Length], random), Orders[kind - Headers.Length]);
        }

        var (name, offset, length) = Headers[kind];
        byte[] bytes = [.. exchange.SelectMany(f => f)];
        Change(bytes.AsSpan(exchange.Take(at).Sum(f => f.Length) + offset, length), random);
        return (bytes, name);
    }

    private static void Change(Span<byte> field, Random random)
    {
        Span<byte> before = stackalloc byte[8];
        Span<byte> number = stackalloc byte[8];
        field.CopyTo(before);
        do
        {
            switch (random.Next(4))
            {
                case 0:
                    field[random.Next(field.Length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    random.NextBytes(field);
                    break;
                case 2:
                    BinaryPrimitives.WriteInt64LittleEndian(number, Numbers[random.Next(Numbers.Length)]);
                    number[..field.Length].CopyTo(field);
                    break;
                default:
                    before.CopyTo(number);
                    BinaryPrimitives.WriteInt64LittleEndian(number, BinaryPrimitives.ReadInt64LittleEndian(number) + random.Next(-8, 9));
                    number[..field.Length].CopyTo(field);
                    break;
            }
        }
        while (field.SequenceEqual(before[..field.Length]));
    }

    private static byte[] Reorder(byte[][] exchange, int at, string order, Random random)
    {
        var frames = exchange.ToList();
        var other = random.Next(frames.Count);
        switch (order)
        {
            case "replay":
                frames.Insert(other, frames[at]);
                break;
            case "swap":
                (frames[at], frames[other]) = (frames[other], frames[at]);
                break;
            case "loss":
                frames.RemoveAt(at);
                break;
            default:
                frames[at] = frames[at][..random.Next(frames[at].Length)];
                break;
        }

        return [.. frames.SelectMany(f => f)];
    }
}
