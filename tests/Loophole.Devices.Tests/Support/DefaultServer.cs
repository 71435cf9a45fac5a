using System.Runtime.InteropServices;

namespace Loophole.Devices.Tests.Support;

/// <summary>Makes a server the default one of this process, as PortAudio asks for no other.</summary>
internal static partial class DefaultServer
{
    private const string Variable = "JACK_DEFAULT_SERVER";

    public static void Set(JackServer server)
    {
        // The runtime keeps a copy of the environment, and JACK's library reads the original.
        Environment.SetEnvironmentVariable(Variable, server.Name);
        Assert.Equal(0, setenv(Variable, server.Name, 1));
    }

    public static void Clear()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        Assert.Equal(0, unsetenv(Variable));
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unsetenv(string name);
}
