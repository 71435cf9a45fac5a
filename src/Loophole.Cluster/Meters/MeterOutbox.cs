using System.Collections.Immutable;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Meters;

/// <summary>What the meters of a node have measured, until it is sent to Pulse. Safe for concurrent use; whoever renders has nothing to do with it but for the rings it writes into.</summary>
internal sealed class MeterOutbox
{
    /// <summary>Windows of what is not rendered any more that may wait.</summary>
    private const int MostLeft = 10_000;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1.0 / MeterWindows.PerSecond);

    private readonly Lock _gate = new();
    private readonly Queue<MeterWindow> _left = new();
    private ImmutableList<MeterTap> _taps = [];
    private long _dropped;
    private int _first;

    /// <summary>Sends what this one takes, too. [control]</summary>
    public void Add(MeterTap? tap)
    {
        if (tap is not null)
        {
            lock (_gate)
            {
                _taps = _taps.Add(tap);
            }
        }
    }

    /// <summary>Sends what this one has taken by now, and no more of it. [control]</summary>
    public void Remove(MeterTap? tap)
    {
        lock (_gate)
        {
            if (tap is not null && _taps.Contains(tap))
            {
                _taps = _taps.Remove(tap);
                _dropped += tap.Dropped;
                foreach (var window in tap.Take(_ => true))
                {
                    Leave(window);
                }
            }
        }
    }

    /// <summary>Looks again and again, and sends what is there, until nobody reads it any more. [meter sender]</summary>
    /// <exception cref="TransportException">The channel is lost.</exception>
    public async Task SendAsync(MeterChannel channel, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        var number = 0u;
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            while (Take(number) is { } bundle)
            {
                if (!await channel.SendAsync(bundle, cancellationToken).ConfigureAwait(false))
                {
                    return;
                }

                number++;
            }
        }
    }

    private void Leave(MeterWindow window)
    {
        if (_left.Count == MostLeft)
        {
            _left.Dequeue();
            _dropped++;
        }

        _left.Enqueue(window);
    }

    private MeterBundle? Take(uint number)
    {
        lock (_gate)
        {
            var room = MeterChannel.MaxLength - MeterChannel.HeadLength;
            var windows = ImmutableArray.CreateBuilder<MeterWindow>();
            while (_left.TryPeek(out var left) && MayTake(left.Readings.Length))
            {
                Put(_left.Dequeue());
            }

            // Another one first each time: where not all is sent in time, no meter has to wait for all the others.
            _first++;
            for (var at = 0; at < _taps.Count; at++)
            {
                foreach (var window in _taps[(int)((uint)(_first + at) % (uint)_taps.Count)].Take(MayTake))
                {
                    Put(window);
                }
            }

            return windows.Count == 0 ? null : new MeterBundle(number, (uint)(_dropped + _taps.Sum(tap => tap.Dropped)), windows.ToImmutable());

            bool MayTake(int audioChannels) => room >= MeterChannel.LengthOf(audioChannels);

            void Put(MeterWindow window)
            {
                room -= MeterChannel.LengthOf(window.Readings.Length);
                windows.Add(window);
            }
        }
    }
}
