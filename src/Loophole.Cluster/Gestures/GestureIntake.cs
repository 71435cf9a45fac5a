using System.Collections.Immutable;
using Loophole.Cluster.Timeline;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Gestures;

/// <summary>What a Signal knows of open gestures: which streams there are, and what may be rendered. One caller at a time.</summary>
internal sealed class GestureIntake
{
    private ImmutableDictionary<int, GestureStream> _streams = ImmutableDictionary<int, GestureStream>.Empty;
    private ImmutableHashSet<string> _subgraphIds = [];
    private long _knownBefore;

    /// <summary>How many bundles have come.</summary>
    public uint Bundles { get; private set; }

    /// <summary>Up to where a subgraph may be rendered as far as gestures go.</summary>
    public long LimitOf(string subgraphId) => _subgraphIds.Contains(subgraphId) ? _knownBefore : long.MaxValue;

    /// <summary>Takes what is open now in the place of what was.</summary>
    public void Set(OpenGestures open)
    {
        _streams = open.Streams.ToImmutableDictionary(stream => stream.Id);
        (_subgraphIds, _knownBefore) = ([.. open.SubgraphIds], open.KnownBefore);
    }

    /// <summary>Takes a bundle.</summary>
    /// <returns>What it does, as events. Values of streams that are closed are left out.</returns>
    /// <exception cref="TransportException">It cannot be meant.</exception>
    public ImmutableArray<RenderEvent> Take(GestureBundle bundle)
    {
        var last = (Frame: _knownBefore, Sequence: -1L);
        foreach (var value in bundle.Values)
        {
            if ((value.Frame, value.Sequence).CompareTo(last) <= 0 || value.Frame >= bundle.KnownBefore || value.RampFrames < 0 || !double.IsFinite(value.Value))
            {
                throw Violation($"a value of {value.Value} at frame {value.Frame}, sequence {value.Sequence}, after {last}");
            }

            last = (value.Frame, value.Sequence);
        }

        if (bundle.Number != Bundles || bundle.KnownBefore < _knownBefore)
        {
            throw Violation($"bundle {bundle.Number} up to frame {bundle.KnownBefore}, where {Bundles} from frame {_knownBefore} on was due");
        }

        Bundles++;
        _knownBefore = bundle.KnownBefore;
        return [.. bundle.Values.Where(value => _streams.ContainsKey(value.StreamId)).Select(EventOf)];
    }

    private ParameterEvent EventOf(GestureValue value)
    {
        var stream = _streams[value.StreamId];
        return new() { Frame = value.Frame, Sequence = value.Sequence, NodeId = stream.NodeId, Parameter = stream.Parameter, Value = value.Value, IsRelative = stream.IsRelative, RampFrames = value.RampFrames };
    }

    private static TransportException Violation(string what) => new(TransportError.ProtocolViolation, $"The events channel carries {what}.");
}
