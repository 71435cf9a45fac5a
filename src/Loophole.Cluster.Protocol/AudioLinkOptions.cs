using Loophole.Cluster.Links;

namespace Loophole.Cluster.Protocol;

/// <summary>Settings of a <see cref="PipeAudioLink"/>. Read once, at construction.</summary>
public sealed class AudioLinkOptions
{
    /// <summary>Streams not open yet for which a credit of the peer is remembered. One more ends the link. Default 4096; 0 to 65536.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int MaxEarlyCredits
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 65536);
            field = value;
        }
    } = 4096;

    /// <summary>How <see cref="IAudioLink.Receive"/> waits. Default adaptive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is no strategy.</exception>
    public WaitStrategy Wait
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Not a strategy.");
    }
}
