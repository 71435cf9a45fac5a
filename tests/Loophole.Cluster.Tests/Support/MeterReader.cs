using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Loophole.Cluster.Tests.Support;

/// <summary>Reads the instruments that one factory has made: counters add up, of all others the last value stands.</summary>
internal sealed class MeterReader : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, double> _values = new();

    public MeterReader(MeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters)
            {
                Instruments.Enqueue(instrument);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    public ConcurrentQueue<Instrument> Instruments { get; } = new();

    /// <summary>What an instrument with some tags, <c>name tag=value</c>, has come to; <see langword="null"/> when nothing was measured.</summary>
    public double? this[string key]
    {
        get
        {
            _listener.RecordObservableInstruments();
            return _values.TryGetValue(key, out var value) ? value : null;
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")]);
        _values.AddOrUpdate(key, value, (_, before) => instrument is Counter<long> ? before + value : value);
    }
}
