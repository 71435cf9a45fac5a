using System.Runtime.InteropServices;

namespace Loophole.Devices.Calls;

/// <summary>Whether a library is on this machine.</summary>
internal static class NativeCheck
{
    /// <returns>What is missing and what to install; <see langword="null"/> when it loads.</returns>
    public static string? Missing(string library, string package) => NativeLibrary.TryLoad(library, typeof(NativeCheck).Assembly, null, out _)
        ? null
        : $"{library} is missing; on Debian and Ubuntu, install the package {package}.";
}
