namespace Loophole.Cluster.Devices;

/// <summary>Which device to open, and how.</summary>
public sealed class AudioDeviceRequest
{
    /// <summary>Which one: an <see cref="AudioDeviceInfo.Id"/>.</summary>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public required string DeviceId
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            field = value;
        }
    }

    /// <summary>Frames per second; <see langword="null"/>, the default, for the device's own. 8,000 to 384,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int? SampleRate
    {
        get;
        init => field = value is { } rate ? Check(rate, 8_000, 384_000) : null;
    }

    /// <summary>Frames per call; <see langword="null"/>, the default, for the device's own. 16 to 8,192.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int? BlockFrames
    {
        get;
        init => field = value is { } frames ? Check(frames, 16, 8_192) : null;
    }

    /// <summary>Audio channels to play. Default 2; 0 to 64.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int OutputChannels
    {
        get;
        init => field = Check(value, 0, 64);
    } = 2;

    /// <summary>Audio channels to record. Default 0; up to 64.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int InputChannels
    {
        get;
        init => field = Check(value, 0, 64);
    }

    /// <summary>Whether to hear its MIDI input. Default no. A device that has none is opened all the same; <see cref="AudioDeviceFormat.HearsNotes"/> tells.</summary>
    public bool HearsNotes { get; init; }

    /// <summary>What the program is called where devices show their users. Default <c>loophole</c>; 1 to 32 letters, digits, <c>-</c> and <c>_</c>.</summary>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public string ClientName
    {
        get;
        init
        {
            if (value is not { Length: > 0 and <= 32 } || !value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
            {
                throw new ArgumentException("A client's name has 1 to 32 letters, digits, - and _.", nameof(value));
            }

            field = value;
        }
    } = "loophole";

    private static int Check(int value, int least, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most);
        return value;
    }
}
