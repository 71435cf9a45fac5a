using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Meters;

/// <summary>Under which assignments a subgraph is, and was, rendered, and up to where what they have measured still goes. One caller at a time.</summary>
internal sealed class MeteredSubgraph
{
    private readonly List<(int Epoch, NodeId Node, long EndFrame)> _assignments = [];

    /// <summary>Begins an assignment.</summary>
    public void Assign(int epoch, NodeId node) => _assignments.Add((epoch, node, long.MaxValue));

    /// <summary>Takes what another one has measured for its own.</summary>
    public void Inherit(MeteredSubgraph before) => _assignments.AddRange(before._assignments.Except(_assignments));

    /// <summary>From a render frame on something else happens: of what was measured under the assignments so far goes what was rendered before it.</summary>
    public void Change(long frame)
    {
        for (var at = 0; at < _assignments.Count; at++)
        {
            _assignments[at] = _assignments[at] with { EndFrame = Math.Min(_assignments[at].EndFrame, frame) };
        }
    }

    /// <summary>Forgets assignments of which nothing that is still to be heard goes.</summary>
    /// <param name="heardFrame">What is heard; all before it was.</param>
    public void Forget(long heardFrame) => _assignments.RemoveAll(assignment => assignment.EndFrame <= heardFrame);

    /// <summary>Up to where what a node measures under an assignment goes: a render frame, the lowest where it is over; <see langword="null"/> where the node never had it.</summary>
    public long? EndOf(int epoch, NodeId node)
    {
        // Several subgraphs may have become this one, each under an assignment of its own.
        var known = _assignments.FindIndex(assignment => (assignment.Epoch, assignment.Node) == (epoch, node));
        return known >= 0 ? _assignments[known].EndFrame
            : _assignments.Count > 0 && _assignments.TrueForAll(assignment => assignment.Epoch != epoch) && epoch < _assignments.Max(assignment => assignment.Epoch) ? long.MinValue
            : null;
    }
}
