using System.Collections.Immutable;
using Loophole.Cluster.Graph;

namespace Loophole.DawProject.Resolving;

/// <summary>A node to be, waiting for its automation.</summary>
/// <param name="Slots">Its parameters.</param>
/// <param name="Make">Makes it of their settings.</param>
internal sealed record NodePlan(List<ParameterSlot> Slots, Func<ImmutableArray<ParameterSetting>, GraphNode> Make)
{
    public static NodePlan Processor(string id, string kind, string name, params ReadOnlySpan<ParameterSlot?> slots)
    {
        var present = new List<ParameterSlot>();
        foreach (var slot in slots)
        {
            if (slot is not null)
            {
                present.Add(slot);
            }
        }

        return new NodePlan(present, settings => new ProcessorNode { Id = id, Processor = kind, Name = name, Parameters = settings });
    }

    public GraphNode ToNode() => Make([.. Slots.Select(slot => slot.ToSetting()).OfType<ParameterSetting>()]);
}
