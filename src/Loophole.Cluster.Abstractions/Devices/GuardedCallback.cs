using System.Collections.Immutable;
using System.Globalization;
using Loophole.Cluster.Audio;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Devices;

/// <summary>Calls an audio callback and counts what it does that it must not (<see cref="AudioThreadFault"/>). For tests and debug builds; costs some hundred nanoseconds a call.</summary>
/// <remarks>Allocations and waits are seen whoever causes them, with the thread's <see cref="SynchronizationContext"/> replaced during the call. Bells, the network and logs are
/// those that ask <see cref="AudioThread.Trip"/>; all of Loophole.Cluster does. What is allocated in a call in which a collection begins is not counted. Of itself it never throws, waits or allocates.</remarks>
public sealed class GuardedCallback : IAudioCallback
{
    private static readonly int Kinds = Enum.GetValues<AudioThreadFault>().Length;

    private readonly IAudioCallback _callback;
    private readonly WaitWatch _waits;
    private readonly long[] _counts = new long[Kinds];
    private readonly string?[] _first = new string?[Kinds];

    /// <summary>Guards a callback.</summary>
    /// <param name="callback">What is called; the device is given this object in its place.</param>
    public GuardedCallback(IAudioCallback callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        (_callback, _waits) = (callback, new WaitWatch(this));
    }

    /// <summary>What is guarded. [any]</summary>
    public IAudioCallback Callback => _callback;

    /// <summary>What was found so far: a line for each kind of fault, with its count and the first one; empty for none. [any]</summary>
    public ImmutableArray<string> Faults =>
        [.. Enum.GetValues<AudioThreadFault>().Where(fault => this[fault] > 0).Select(fault => string.Create(CultureInfo.InvariantCulture, $"{fault} {this[fault]}: {_first[(int)fault]}"))];

    /// <summary>How often a fault happened so far; of allocations, how many bytes. [any]</summary>
    /// <param name="fault">The kind.</param>
    public long this[AudioThreadFault fault] => Volatile.Read(ref _counts[(int)fault]);

    /// <inheritdoc/>
    public void Process(AudioBuffer input, ReadOnlySpan<MidiMessage> notes, AudioBuffer output)
    {
        var outer = AudioThread.Enter(this);
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_waits);
        var pauses = GC.GetTotalPauseDuration();
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            _callback.Process(input, notes, output);
        }
        finally
        {
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            SynchronizationContext.SetSynchronizationContext(context);
            AudioThread.Enter(outer);
            // A collection that begins meanwhile may count what is left of the thread's room as allocated: such a call tells nothing.
            if (bytes > 0 && GC.GetTotalPauseDuration() == pauses)
            {
                Count(AudioThreadFault.AllocatedBytes, bytes, "the callback");
            }
        }
    }

    /// <summary>Counts. [audio thread]</summary>
    internal void Count(AudioThreadFault fault, long number, string what)
    {
        _first[(int)fault] ??= what;
        Volatile.Write(ref _counts[(int)fault], _counts[(int)fault] + number);
    }
}
