using System.Buffers;
using Loophole.Cluster.Protocol;

namespace Loophole.Cluster.Tcp;

/// <summary>Settings of a <see cref="TcpTransport"/>. Read once, at construction. Exactly one of <see cref="Credentials"/> and
/// <see cref="InsecureLoopback"/> is set.</summary>
public sealed class TcpTransportOptions
{
    /// <summary>This node's certificate: every socket is under TLS 1.3, with certificates on both sides. Stays the caller's and must outlive
    /// the transport. Default <see langword="null"/>.</summary>
    public NodeCredentials? Credentials { get; init; }

    /// <summary>Plain TCP instead, and over loopback addresses only (<c>--insecure-loopback</c>). Default <see langword="false"/>.</summary>
    public bool InsecureLoopback { get; init; }

    /// <summary>How long an attempt to connect or to open a channel may take, the peer's answer included. Default 10 s; 10 ms to 5 min.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public TimeSpan ConnectTimeout
    {
        get;
        init => field = Check(value, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(5));
    } = TimeSpan.FromSeconds(10);

    /// <summary>How long connecting is tried again, at growing intervals of 50 ms to 1 s, while nobody answers. Default 0: one attempt; up to 1 h.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public TimeSpan ConnectRetry
    {
        get;
        init => field = Check(value, TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    /// <summary>How long a client may take to say what it wants, the TLS handshake included. Default 5 s; 10 ms to 1 min.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public TimeSpan PreambleTimeout
    {
        get;
        init => field = Check(value, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
    } = TimeSpan.FromSeconds(5);

    /// <summary>How long a disposed channel waits for the peer to take what was written, and then for the peer's end. Default 5 s; 10 ms to 1 min.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public TimeSpan CloseTimeout
    {
        get;
        init => field = Check(value, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
    } = TimeSpan.FromSeconds(5);

    /// <summary>Silence after which the system asks the peer for a sign of life; it does so five times, a second apart. Default 5 s; whole
    /// seconds, 1 s to 2 h.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public TimeSpan KeepAliveTime
    {
        get;
        init => field = Check(value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(2));
    } = TimeSpan.FromSeconds(5);

    /// <summary>How long what was written to the control channel may stay unacknowledged by the peer's system, or unread with its buffers full,
    /// before the connection counts as lost; also the most that keep-alive waits in all. Where the system can be told, which is Linux.
    /// Default 10 s; 1 s to 1 h.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public TimeSpan UnacknowledgedTimeout
    {
        get;
        init => field = Check(value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
    } = TimeSpan.FromSeconds(10);

    /// <summary>Sockets that may be connected and not yet have said what they want; one more ends the oldest. Default 64; 1 to 4096.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int MaxHalfOpen
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 4096);
            field = value;
        }
    } = 64;

    /// <summary>Bytes buffered per channel and direction at which writing or receiving waits; it goes on at half of it. Default 1 MiB; 4 KiB to 1 GiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int PauseThreshold
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 4096);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1 << 30);
            field = value;
        }
    } = 1 << 20;

    /// <summary>Where every buffer is rented; <see langword="null"/> for <see cref="MemoryPool{T}.Shared"/>. Must outlive the transport.</summary>
    public MemoryPool<byte>? Pool { get; init; }

    private static TimeSpan Check(TimeSpan value, TimeSpan least, TimeSpan most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most);
        return value;
    }
}
