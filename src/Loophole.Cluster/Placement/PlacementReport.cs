namespace Loophole.Cluster.Placement;

/// <summary>Makes a plan of an assignment, and says why it is as it is.</summary>
internal static class PlacementReport
{
    public static PartitionPlan Of(Assignment assignment)
    {
        var model = assignment.Model;
        var workerOf = WorkerShares.Of(assignment);
        var channels = CrossingChannels(assignment);
        var words = new Dictionary<(int Node, int Kind, bool IsKept), string>();
        return new PartitionPlan(model.Listed(unit => new PartitionOwner(model.Nodes[assignment.NodeOf(unit)].Id, workerOf[unit])))
        {
            Reasons = model.Listed(Reason),
            Loads = model.ListedNodes(node => new NodeLoad(model.Nodes[node].Id, LoadOf(assignment, node), assignment.UnitsOn(node), assignment.MemoryOn(node), channels[node])),
            Refusals = model.Limits.Refusals,
            HasReserve = HasReserve(assignment),
        };

        string Reason(int unit)
        {
            var key = (assignment.NodeOf(unit), model.Limits.KindOf(unit), IsKept(assignment, unit));
            if (!words.TryGetValue(key, out var reason))
            {
                words.Add(key, reason = Say(assignment, unit, key.Item3));
            }

            return reason;
        }
    }

    /// <summary>Part of its workers' time that a node is asked for.</summary>
    public static double LoadOf(Assignment assignment, int node) => assignment.LoadOf(node) * (1 - assignment.Model.Request.Headroom);

    private static string Say(Assignment assignment, int unit, bool isKept)
    {
        var (model, node) = (assignment.Model, assignment.NodeOf(unit));
        var restriction = model.Limits.RestrictionOf(unit);
        if (model.Limits.IsBound(unit))
        {
            return restriction.Length > 0 ? restriction : "there is no other node";
        }

        var name = model.Nodes[node].Name;
        var reason = isKept ? $"it was on {name} before, and moving it helps too little" : (model.Request.Policy, node == model.Host) switch
        {
            (DistributionPolicy.PreferLocal, true) => $"{name} has the capacity",
            (DistributionPolicy.PreferLocal, false) => $"{model.Nodes[model.Host].Name} has no capacity left",
            (DistributionPolicy.AggressiveOffload, true) => $"it joins what others make, and all of that passes {name} anyway",
            _ => $"the work is shared by capacity: {name} has {LoadOf(assignment, node) * 100:0.#} % to do",
        };
        return restriction.Length > 0 ? $"{reason}; {restriction}" : reason;
    }

    private static bool IsKept(Assignment assignment, int unit)
    {
        var (request, node) = (assignment.Model.Request, assignment.Model.Nodes[assignment.NodeOf(unit)]);
        return request.Previous is { } previous && previous.Policy == request.Policy && previous.Owners.TryGetValue(assignment.Model.Units[unit].Id, out var owner) && owner.Node == node.Id;
    }

    private static bool HasReserve(Assignment assignment)
    {
        var model = assignment.Model;
        var (spare, largest) = (0.0, -1);
        for (var node = 0; node < model.Nodes.Length; node++)
        {
            spare += model.Nodes[node].Exclusion is null ? Math.Max(0, 1 - assignment.LoadOf(node)) * model.Capacities[node] : 0;
            if (node != model.Host && (largest < 0 || Work(node) > Work(largest)))
            {
                largest = node;
            }
        }

        return largest < 0 || Work(largest) == 0 || spare - (Math.Max(0, 1 - assignment.LoadOf(largest)) * model.Capacities[largest]) >= Work(largest);

        double Work(int node) => assignment.LoadOf(node) * model.Capacities[node];
    }

    private static int[] CrossingChannels(Assignment assignment)
    {
        var model = assignment.Model;
        var channels = new int[model.Nodes.Length];
        foreach (var signal in model.Signals)
        {
            var maker = assignment.NodeOf(signal.Maker);
            var readers = signal.Readers.Select(assignment.NodeOf).Where(node => node != maker).Distinct().ToArray();
            if (maker != model.Host && readers.Length > 0)
            {
                channels[maker] += signal.AudioChannels;
                channels[model.Host] += signal.AudioChannels;
            }

            foreach (var reader in readers.Where(reader => reader != model.Host))
            {
                channels[reader] += signal.AudioChannels;
                channels[model.Host] += signal.AudioChannels;
            }
        }

        return channels;
    }
}
