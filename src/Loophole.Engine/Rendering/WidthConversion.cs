using Loophole.Cluster.Audio;

namespace Loophole.Engine.Rendering;

/// <summary>Carries audio from a signal of one width to one of another, as <c>SumStep</c> says: mono to every channel, several to mono by their mean,
/// else channel by channel.</summary>
internal static class WidthConversion
{
    /// <summary>Makes <paramref name="target"/> the converted source; channels that nothing reaches become silent.</summary>
    public static void Copy(AudioBuffer source, AudioBuffer target)
    {
        if (target.ChannelCount == 1 && source.ChannelCount > 1)
        {
            Average(source, target.Channel(0));
            return;
        }

        for (var channel = 0; channel < target.ChannelCount; channel++)
        {
            if (source.ChannelCount == 1)
            {
                source.Channel(0).CopyTo(target.Channel(channel));
            }
            else if (channel < source.ChannelCount)
            {
                source.Channel(channel).CopyTo(target.Channel(channel));
            }
            else
            {
                target.Channel(channel).Clear();
            }
        }
    }

    /// <summary>Adds the converted source; channels that nothing reaches stay as they are.</summary>
    /// <param name="source">Added.</param>
    /// <param name="target">Added to.</param>
    /// <param name="spare">A run for intermediate values.</param>
    public static void Add(AudioBuffer source, AudioBuffer target, Span<float> spare)
    {
        if (target.ChannelCount == 1 && source.ChannelCount > 1)
        {
            Average(source, spare);
            PlanarArithmetic.Add(spare, target.Channel(0));
            return;
        }

        for (var channel = 0; channel < target.ChannelCount; channel++)
        {
            if (source.ChannelCount == 1)
            {
                PlanarArithmetic.Add(source.Channel(0), target.Channel(channel));
            }
            else if (channel < source.ChannelCount)
            {
                PlanarArithmetic.Add(source.Channel(channel), target.Channel(channel));
            }
        }
    }

    private static void Average(AudioBuffer source, Span<float> target)
    {
        source.Channel(0).CopyTo(target);
        for (var channel = 1; channel < source.ChannelCount; channel++)
        {
            PlanarArithmetic.Add(source.Channel(channel), target);
        }

        PlanarArithmetic.Divide(target, source.ChannelCount);
    }
}
