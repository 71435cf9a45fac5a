using Loophole.Cluster.Devices;

namespace Loophole.Devices.Jack;

/// <summary>The one JACK server that this process is on. JACK's library maps one server's memory per process: a client of a second server, opened while
/// the first has one, would silently swap it under that one's feet.</summary>
internal sealed class JackServerClaim : IDisposable
{
    private static readonly Lock Gate = new();
    private static string? _server;
    private static int _count;

    private int _isDisposed;

    private JackServerClaim()
    {
    }

    /// <summary>The server that a client without a server's name is on.</summary>
    public static string DefaultServer => Environment.GetEnvironmentVariable("JACK_DEFAULT_SERVER") is { Length: > 0 } name ? name : "default";

    /// <exception cref="AudioDeviceException">This process is on another one.</exception>
    public static JackServerClaim Take(string server) => TryTake(server, out var other) ?? throw new AudioDeviceException(
        AudioDeviceError.Unavailable,
        $"This process is on the JACK server \"{other}\", and JACK's library knows one server at a time: close what is open there before \"{server}\" is opened.");

    /// <returns><see langword="null"/> when this process is on another one.</returns>
    public static JackServerClaim? TryTake(string server, out string? other)
    {
        lock (Gate)
        {
            other = _server;
            if (_count > 0 && server != _server)
            {
                return null;
            }

            _server = server;
            _count++;
            return new JackServerClaim();
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            lock (Gate)
            {
                _count--;
            }
        }
    }
}
