using System.Reflection;
using System.Reflection.Emit;

namespace Loophole.Cluster.Tests.Support;

/// <summary>What a method can come to call: read from its code, and from that of every method of Loophole's that it calls.</summary>
internal static class CallReach
{
    private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value & 0xffff);

    /// <summary>Methods of others and of interfaces (<c>Type.Method</c>), and what is made on the heap (<c>new Type</c>), exceptions apart.</summary>
    public static SortedSet<string> Of(MethodBase root)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<MethodBase> { root };
        for (var open = new Queue<MethodBase>(seen); open.TryDequeue(out var method);)
        {
            foreach (var (code, member) in Instructions(method))
            {
                if (code == OpCodes.Box || code == OpCodes.Newarr || (code == OpCodes.Newobj && member.DeclaringType is { IsValueType: false } made && !made.IsSubclassOf(typeof(Exception))))
                {
                    found.Add($"new {(code == OpCodes.Newobj ? member.DeclaringType : member)!.Name}");
                }

                if (member is MethodBase called && IsOurs(called) && called.GetMethodBody() is not null)
                {
                    if (seen.Add(called))
                    {
                        open.Enqueue(called);
                    }
                }
                else if (member is MethodBase && code != OpCodes.Newobj)
                {
                    found.Add($"{member.DeclaringType!.Name}.{member.Name}");
                }
            }
        }

        return found;
    }

    private static bool IsOurs(MethodBase method) => method.DeclaringType!.Assembly.GetName().Name!.StartsWith("Loophole.", StringComparison.Ordinal);

    private static IEnumerable<(OpCode Code, MemberInfo Member)> Instructions(MethodBase method)
    {
        var bytes = method.GetMethodBody()!.GetILAsByteArray()!;
        var ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < bytes.Length;)
        {
            var code = bytes[at] == 0xfe ? Codes[0xfe00 | bytes[at + 1]] : Codes[bytes[at]];
            at += code.Size;
            if (code.OperandType is OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineTok or OperandType.InlineField)
            {
                yield return (code, method.Module.ResolveMember(BitConverter.ToInt32(bytes, at), ofType, ofMethod)!);
            }

            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(bytes, at)),
                _ => 4,
            };
        }
    }
}
