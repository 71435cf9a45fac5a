namespace Loophole.DawProject.Resolving;

/// <summary>Refuses Channels that feed each other in a circle. Without recursion: the chain may be as long as the project.</summary>
internal sealed class CycleCheck(string file)
{
    public void Check(List<ChannelPlan> channels)
    {
        var done = new HashSet<ChannelPlan>();
        foreach (var start in channels)
        {
            Follow(start, done);
        }
    }

    private void Follow(ChannelPlan start, HashSet<ChannelPlan> done)
    {
        var path = new List<ChannelPlan>();
        var onPath = new HashSet<ChannelPlan>();
        var pending = new Stack<IEnumerator<ChannelPlan>>();
        Enter(start);
        while (pending.Count > 0)
        {
            if (!pending.Peek().MoveNext())
            {
                pending.Pop().Dispose();
                onPath.Remove(path[^1]);
                done.Add(path[^1]);
                path.RemoveAt(path.Count - 1);
                continue;
            }

            var next = pending.Peek().Current;
            if (onPath.Contains(next))
            {
                var circle = path.Skip(path.IndexOf(next)).Append(next).Select(channel => channel.Source.Describe());
                throw new DawProjectException(DawProjectError.RoutingCycle, $"{file}: channels feed each other in a circle: {string.Join(" → ", circle)}.");
            }

            Enter(next);
        }

        void Enter(ChannelPlan channel)
        {
            if (done.Contains(channel))
            {
                return;
            }

            path.Add(channel);
            onPath.Add(channel);
            pending.Push(Fed(channel).GetEnumerator());
        }
    }

    private static IEnumerable<ChannelPlan> Fed(ChannelPlan channel)
    {
        if (channel.Output is { } output)
        {
            yield return output;
        }

        foreach (var send in channel.Sends)
        {
            if (send.Target is { } target)
            {
                yield return target;
            }
        }
    }
}
