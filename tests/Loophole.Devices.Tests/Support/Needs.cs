using System.ComponentModel;
using System.Diagnostics;

namespace Loophole.Devices.Tests.Support;

/// <summary>What the machine must have.</summary>
internal static class Needs
{
    /// <summary>Skips the test; fails it where <c>LOOPHOLE_REQUIRE_JACK=1</c> says that nothing is missing.</summary>
    public static void Skip(string reason)
    {
        Assert.False(Environment.GetEnvironmentVariable("LOOPHOLE_REQUIRE_JACK") == "1", reason);
        Assert.Skip(reason);
    }

    /// <summary>Starts a program of Debian's package jackd2.</summary>
    public static Process Start(string program, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Skip($"{program} is missing; on Debian, install jackd2.");
            throw;
        }
    }
}
