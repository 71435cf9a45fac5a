using System.Buffers;
using Loophole.Cluster.Protocol;

namespace Loophole.Cluster.Messages;

/// <summary>Reads bytes that stand in a payload as hexadecimal digits.</summary>
internal static class HexField
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <exception cref="ControlException">It has another length or other characters.</exception>
    public static byte[] Read(string digits, int length, string what) => digits.Length == 2 * length && !digits.AsSpan().ContainsAnyExcept(Digits)
        ? Convert.FromHexString(digits)
        : throw new ControlException("badPayload", $"A {what} has {2 * length} lower-case hexadecimal digits.");
}
