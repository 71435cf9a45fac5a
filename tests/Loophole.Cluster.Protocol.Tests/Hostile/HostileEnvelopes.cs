using System.Buffers.Binary;
using System.Text;

namespace Loophole.Cluster.Protocol.Tests.Hostile;

/// <summary>A valid envelope with one thing wrong: a field's value, its presence, or what is around the JSON.</summary>
internal static class HostileEnvelopes
{
    public const int MaxLength = 64 * 1024;

    private static readonly string[] Names = ["v", "id", "cid", "ts", "origin", "target", "domain", "kind", "name", "priority", "payload", "error"];

    private static readonly string[] ErrorNames = ["code", "message", "details"];

    private static readonly string[] Frame = ["length", "json", "utf8"];

    private static readonly string[] Command =
    [
        "1", "\"17\"", "null", "\"2026-01-02T03:04:05.678+00:00\"", "\"pulse\"", "\"signal\"", "\"cluster\"", "\"command\"", "\"deploy\"", "\"normal\"",
        "{\"a\":[1,2.5,\"é\"]}", "null",
    ];

    private static readonly string[] Failure = [.. Command[..2], "\"16\"", .. Command[3..7], "\"error\"", .. Command[8..11], "{}"];

    private static readonly string[] Error = ["\"busy\"", "\"Full.\"", "{\"free\":0}"];

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1", "2", "1.0", "1e400", "99999999999999999999", "\"\"", "\"1\"", "\"x\"", "\"X\"", "\"a b\"", "\"é\"", "\"\\ud800\"",
        "\"\\u0000\"", "\"pulse\"", "\"command\"", "\"response\"", "\"error\"", "\"event\"", "\"low\"", "\"2026-13-01T00:00:00Z\"", "[]", "{}", "[{}]",
        "{\"a\":1,\"a\":2}", "\"" + new string('i', 128) + "\"", "\"" + new string('i', 129) + "\"", "\"" + new string('i', 65) + "\"", Nested(60), Nested(63), Nested(64),
        Nested(2000), Objects(62), Objects(64), "{\"x\":" + Nested(61) + "}", "{\"x\":" + Nested(62) + "}", "{\"x\":" + Nested(63) + "}",
    ];

    /// <summary>What can be wrong.</summary>
    public static IEnumerable<string> Fields => [.. Names, .. ErrorNames.Select(n => $"error.{n}"), .. Frame];

    /// <summary>What may be named when this is wrong: the field itself, those it must agree with, and the JSON around it.</summary>
    public static string[] MayBeNamed(string field) => field switch
    {
        "length" => ["The length", "not strict JSON", "not a JSON object", "not UTF-8"],
        "utf8" or "json" => ["The length", .. Names.Concat(ErrorNames).Select(n => $"Field {n} "), "not strict JSON", "not a JSON object", "not UTF-8"],
        "kind" => ["Field kind ", "Field cid ", "Field error ", "not strict JSON"],
        "error" => ["Field error ", "Field code ", "not strict JSON"],
        _ => [$"Field {field} ", $"Field {field.Split('.')[^1]} ", "not strict JSON"],
    };

    /// <summary>Makes one envelope with one thing wrong.</summary>
    /// <returns>The bytes, length and all, and what is wrong with them.</returns>
    public static (byte[] Bytes, string Field) Next(Random random)
    {
        var kind = random.Next(Names.Length + ErrorNames.Length + Frame.Length);
        if (kind < Names.Length)
        {
            return (Framed(Object(Names, random.Next(2) == 0 ? Command : WithError(Error), kind, random)), Names[kind]);
        }

        kind -= Names.Length;
        if (kind < ErrorNames.Length)
        {
            var error = Encoding.UTF8.GetString(Object(ErrorNames, Error, kind, random));
            return (Framed(Object(Names, [.. Failure[..^1], error])), $"error.{ErrorNames[kind]}");
        }

        var what = Frame[kind - ErrorNames.Length];
        var bytes = Framed(Object(Names, Command));
        return (what == "length" ? WrongLength(bytes, random) : WrongBody(bytes, what, random), what);
    }

    private static string[] WithError(string[] values) => [.. Failure[..^1], Encoding.UTF8.GetString(Object(ErrorNames, values))];

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static string Objects(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

    private static byte[] Object(string[] names, string[] values, int wrong = -1, Random? random = null)
    {
        var members = names.Zip(values, (n, v) => $"\"{n}\":{v}").ToList();
        if (wrong >= 0)
        {
            switch (random!.Next(8))
            {
                case 0:
                    members.RemoveAt(wrong);
                    break;
                case 1:
                    members.Insert(random.Next(members.Count), members[wrong]);
                    break;
                case 2:
                    members[wrong] = $"\"{names[wrong].ToUpperInvariant()}\":{values[wrong]}";
                    break;
                default:
                    members[wrong] = $"\"{names[wrong]}\":{Values[random.Next(Values.Length)]}";
                    break;
            }
        }

        return Encoding.UTF8.GetBytes("{" + string.Join(",", members) + "}");
    }

    private static byte[] Framed(byte[] body)
    {
        var bytes = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, body.Length);
        body.CopyTo(bytes, 4);
        return bytes;
    }

    private static byte[] WrongLength(byte[] bytes, Random random)
    {
        var right = bytes.Length - 4;
        long length = random.Next(4) switch
        {
            0 => random.Next(2),
            1 => random.Next(2, right),
            2 => random.Next(2) == 0 ? MaxLength + 1 : uint.MaxValue,
            _ => random.NextInt64(1L << 32),
        };
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)length);
        return bytes;
    }

    private static byte[] WrongBody(byte[] bytes, string what, Random random)
    {
        if (what == "utf8")
        {
            bytes[random.Next(4, bytes.Length)] = (byte)random.Next(128, 256);
            return bytes;
        }

        var body = Mutation.Of(bytes[4..], random);
        return body.AsSpan().SequenceEqual(bytes.AsSpan(4)) ? Framed("{"u8.ToArray()) : Framed(body);
    }
}
