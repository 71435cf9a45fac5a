using Loophole.Cluster.Audio;
using Loophole.Engine.Processors.Samples;

namespace Loophole.Engine.Processors.Dynamics;

/// <summary>The level that a detector linked over all audio channels sees.</summary>
internal static class LinkedPeak
{
    /// <summary>Replaces samples that are not finite by 0, and gives per frame the largest magnitude of any channel.</summary>
    public static void Measure(in AudioBuffer audio, Span<float> peaks)
    {
        peaks.Clear();
        for (var channel = 0; channel < audio.ChannelCount; channel++)
        {
            var samples = audio.Channel(channel);
            for (var i = 0; i < samples.Length; i++)
            {
                var sample = Sanitize.Input(samples[i]);
                samples[i] = sample;
                peaks[i] = Math.Max(peaks[i], Math.Abs(sample));
            }
        }
    }
}
