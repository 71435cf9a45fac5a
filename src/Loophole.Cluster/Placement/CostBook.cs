using System.Collections.Immutable;

namespace Loophole.Cluster.Placement;

/// <summary>Holds what is learnt of costs, for as many sessions as use it. Safe for concurrent use.</summary>
/// <param name="known">What was learnt before.</param>
public sealed class CostBook(LearntCosts known)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _observed = [];
    private LearntCosts _current = known;

    /// <summary>What is known now. [any]</summary>
    public LearntCosts Current => Volatile.Read(ref _current);

    /// <summary>Learns of what the subgraphs of one machine took in the same while. [any]</summary>
    /// <param name="machine">The class of the machine.</param>
    /// <param name="together">The subgraphs.</param>
    public void Learn(string machine, ImmutableArray<CostObservation> together)
    {
        lock (_gate)
        {
            var after = _current.Learn(machine, together);
            if (!ReferenceEquals(after, _current))
            {
                Volatile.Write(ref _current, after);
                _observed.Add(machine);
            }
        }
    }

    /// <summary>What somebody else has written meanwhile, with what was learnt here in the place of what is said there of the same classes.</summary>
    internal LearntCosts Over(LearntCosts others)
    {
        lock (_gate)
        {
            return _current.Classes.Where(known => _observed.Contains(known.Machine)).Aggregate(others, (costs, known) => costs.With(known));
        }
    }
}
