using Loophole.Cluster.Control;

namespace Loophole.Cluster.Protocol;

/// <summary>Settings of a <see cref="PipeControlChannel"/>. Read once, at construction.</summary>
public sealed class PipeControlChannelOptions
{
    /// <summary>Who this end is; field <c>origin</c> of all it sends.</summary>
    public required Party Party { get; init; }

    /// <summary>How long a request waits for its answer. Default 10 s; 1 ms to 1 h.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public TimeSpan RequestTimeout
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromHours(1));
            field = value;
        }
    } = TimeSpan.FromSeconds(10);

    /// <summary>Largest envelope taken, in bytes. Default 64 MiB; 1 KiB to 1 GiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int MaxEnvelopeLength
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1024);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1 << 30);
            field = value;
        }
    } = EnvelopeCodec.DefaultMaxLength;

    /// <summary>Requests that may wait for answers at a time. Default 1024; 1 to 65536.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int MaxPendingRequests
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 65536);
            field = value;
        }
    } = 1024;

    /// <summary>Commands, events and snapshots that may wait for the handler. A command beyond it is answered <c>busy</c>; an event
    /// or snapshot beyond it ends the channel, because losing it would be silent. Default 1024; 1 to 65536.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int MaxQueuedEnvelopes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 65536);
            field = value;
        }
    } = 1024;
}
