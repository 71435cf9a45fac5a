using System.Globalization;
using System.Runtime.CompilerServices;

namespace Loophole.Cluster.Protocol.Links;

/// <summary>Puts into words what is wrong with a frame.</summary>
/// <remarks>Never inlined. Words made in place are most of the code that a good frame has to pass by, and after a pause of a block period every line of code comes from far away.</remarks>
internal static class Violation
{
    /// <param name="pattern">The field and what is wrong with it, with {0} and {1}.</param>
    /// <param name="found">What came.</param>
    /// <param name="allowed">What might have come.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static string Of(string pattern, long found, long allowed = 0) => string.Format(CultureInfo.InvariantCulture, pattern, found, allowed);

    /// <param name="pattern">The field and what is wrong with it, with {0} and {1}.</param>
    /// <param name="found">What came.</param>
    /// <param name="allowed">What might have come.</param>
    /// <param name="streamId">Of which stream.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static string Of(string pattern, long found, long allowed, int streamId) => $"{Of(pattern, found, allowed)} (stream {streamId})";
}
