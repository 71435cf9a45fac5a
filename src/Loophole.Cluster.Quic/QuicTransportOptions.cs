using System.Buffers;
using System.Numerics;
using Loophole.Cluster.Protocol;

namespace Loophole.Cluster.Quic;

/// <summary>Settings of a <see cref="QuicTransport"/>. Read once, at construction.</summary>
public sealed class QuicTransportOptions
{
    /// <summary>Who this node is. Its private key must be exportable. Must outlive the transport.</summary>
    public required NodeCredentials Credentials { get; init; }

    /// <summary>How long an attempt to connect or to open a channel may take, the peer's answer included. Default 10 s; 10 ms to 5 min.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public TimeSpan ConnectTimeout
    {
        get;
        init => field = Check(value, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(5));
    } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client may take for its handshake, and then again to say what a connection or a stream is for. Default 5 s; 10 ms to 1 min.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public TimeSpan HelloTimeout
    {
        get;
        init => field = Check(value, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
    } = TimeSpan.FromSeconds(5);

    /// <summary>How long a disposed channel waits until everything written is sent, and a disposed connection until the peer has it, and then for
    /// the peer's end. What the peer has not read by then is lost. Default 5 s; 10 ms to 1 min.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public TimeSpan CloseTimeout
    {
        get;
        init => field = Check(value, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
    } = TimeSpan.FromSeconds(5);

    /// <summary>Silence after which a connection counts as lost; of both sides' settings the shorter holds. Default 30 s; 1 s to 10 min.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public TimeSpan IdleTimeout
    {
        get;
        init => field = Check(value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
    } = TimeSpan.FromSeconds(30);

    /// <summary>Silence after which this side asks the peer for a sign of life. Shorter than either side's <see cref="IdleTimeout"/>, or idle
    /// connections are lost. Default 5 s; 100 ms to 5 min.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public TimeSpan KeepAliveInterval
    {
        get;
        init => field = Check(value, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
    } = TimeSpan.FromSeconds(5);

    /// <summary>Channels and links that the peer may have open at a time, control included. One more waits at the peer until another ends.
    /// Default 256; 2 to 4096.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int MaxChannels
    {
        get;
        init => field = Check(value, 2, 4096);
    } = 256;

    /// <summary>Connections that may be made and not yet have said what they are for; one more ends the oldest. Default 64; 1 to 4096.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int MaxHalfOpen
    {
        get;
        init => field = Check(value, 1, 4096);
    } = 64;

    /// <summary>Bytes of a channel that may have arrived unread, at which the peer's writing waits; all channels of a connection together may have
    /// sixteen times as many. Default 1 MiB; a power of two, 64 KiB to 64 MiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range or no power of two.</exception>
    public int PauseThreshold
    {
        get;
        init => field = BitOperations.IsPow2(Check(value, 1 << 16, 1 << 26))
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Not a power of two.");
    } = 1 << 20;

    /// <summary>Settings of the audio links; <see langword="null"/> for the defaults.</summary>
    public AudioLinkOptions? AudioLinks { get; init; }

    /// <summary>Where buffers are rented; <see langword="null"/> for <see cref="MemoryPool{T}.Shared"/>. Must outlive the transport. The QUIC
    /// library has buffers of its own beside these.</summary>
    public MemoryPool<byte>? Pool { get; init; }

    private static T Check<T>(T value, T least, T most)
        where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most);
        return value;
    }
}
