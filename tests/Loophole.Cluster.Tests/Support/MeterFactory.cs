using System.Diagnostics.Metrics;

namespace Loophole.Cluster.Tests.Support;

/// <summary>A factory of meters that are nobody else's.</summary>
internal sealed class MeterFactory : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        _meters.Add(new Meter(options));
        return _meters[^1];
    }

    public void Dispose() => _meters.ForEach(m => m.Dispose());
}
