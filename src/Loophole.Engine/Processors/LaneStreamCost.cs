using Loophole.Cluster.Graph;

namespace Loophole.Engine.Processors;

/// <summary>What a clip player costs.</summary>
internal static class LaneStreamCost
{
    private const double PerChannel = 0.5;
    private const double PerPlainRegion = 1;
    private const double PerResampledRegion = 30;

    /// <summary>Relative units, from how many regions sound at a time on average: a thousand clips one after another cost as much as one long clip.</summary>
    public static double Of(LaneStreamNode node, int audioChannels)
    {
        var (first, last, weight) = (long.MaxValue, long.MinValue, 0.0);
        foreach (var region in node.Regions)
        {
            first = Math.Min(first, region.StartFrame);
            last = Math.Max(last, region.EndFrame);
            var isResampled = region.SourceStep != 1 || region.SourceStartFrame != Math.Floor(region.SourceStartFrame);
            weight += Math.Max(0.0, (double)region.EndFrame - region.StartFrame) * (isResampled ? PerResampledRegion : PerPlainRegion);
        }

        var span = Math.Max(1.0, (double)last - first);
        return audioChannels * (PerChannel + (weight / span));
    }
}
