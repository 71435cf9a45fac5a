using Loophole.Cluster.Links;

namespace Loophole.Cluster.TestKit.Scenes;

/// <summary>A block as it arrived.</summary>
internal sealed record ReceivedBlock(AudioBlockHeader Header, bool IsSilent, float[] Samples);
