using Loophole.Cluster.Graph;

namespace Loophole.Cluster.Tests.Support;

internal static class RandomGraph
{
    public static AudioGraph Make(Random random, bool hasLatency = true, int most = 14)
    {
        var count = random.Next(1, most);
        // Channel order is unrelated to the direction of the signal.
        var depth = Enumerable.Range(0, count).ToArray();
        random.Shuffle(depth);
        var output = Array.IndexOf(depth, count - 1);
        var channels = Enumerable.Range(0, count).Select(at => new Channel
        {
            Id = $"c{at}",
            Name = $"Channel {at}",
            AudioChannels = random.Next(1, 4),
            IsHostOnly = random.Next(12) == 0,
            OutputChannelId = Deeper(at),
            Nodes = [.. Enumerable.Range(0, random.Next(5)).Select(node => Node(at, node)).OfType<GraphNode>()],
        });
        return new AudioGraph { SampleRate = 48_000, LengthFrames = 0, OutputChannelId = $"c{output}", Channels = [.. channels] };

        string? Deeper(int at)
        {
            var deeper = Enumerable.Range(0, count).Where(other => depth[other] > depth[at]).ToArray();
            return deeper.Length == 0 || random.Next(10) == 0 ? null : $"c{deeper[random.Next(deeper.Length)]}";
        }

        GraphNode? Node(int at, int node)
        {
            var id = $"n{at}.{node}";
            return random.Next(6) switch
            {
                0 or 1 => Deeper(at) is { } target ? new SendNode { Id = id, TargetChannelId = target } : null,
                2 => new StackNode { Id = id, Variants = [] },
                3 when random.Next(5) == 0 => new ProcessorNode { Id = id, Processor = "rooted" },
                _ => FakeProcessors.Plain(id, hasLatency && random.Next(2) == 0 ? random.Next(500) : 0, random.Next(1, 9)),
            };
        }
    }

    /// <summary>Equal tracks into one bus.</summary>
    public static AudioGraph Bus(int tracks, Func<int, string>? name = null) => new()
    {
        SampleRate = 48_000,
        LengthFrames = 0,
        OutputChannelId = "master",
        Channels =
        [
            .. Enumerable.Range(0, tracks).Select(track => new Channel { Id = name?.Invoke(track) ?? $"t{track}", Name = $"Track {track}", OutputChannelId = "master", Nodes = [FakeProcessors.Plain($"p{track}", cost: 4)] }),
            new Channel { Id = "master", Name = "Master" },
        ],
    };
}
