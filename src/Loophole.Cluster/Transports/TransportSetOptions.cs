namespace Loophole.Cluster.Transports;

/// <summary>Settings of a <see cref="TransportSet"/>. Read once, at construction.</summary>
public sealed class TransportSetOptions
{
    /// <summary>By which transport nodes are dialled. Default <see cref="TransportChoice.Auto"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a choice.</exception>
    public TransportChoice Choice
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Not a choice.");
    }

    /// <summary>Schemes in the order in which <see cref="TransportChoice.Auto"/> takes them; those not named come last, in the order in which the
    /// transports were given. Default <c>tcp</c>, then <c>quic</c>: on a local network a block is there sooner by TCP. Put <c>quic</c> first where
    /// packets get lost, as one lost packet of TCP holds up everything behind it.</summary>
    /// <exception cref="ArgumentException">A scheme is named twice, or empty.</exception>
    public IReadOnlyList<string> Preference
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value.Any(string.IsNullOrWhiteSpace) || value.Distinct(StringComparer.Ordinal).Count() != value.Count
                ? throw new ArgumentException("Each scheme is named once.", nameof(value))
                : [.. value];
        }
    } = ["tcp", "quic"];
}
