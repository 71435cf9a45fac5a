using Loophole.Cluster.Audio;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Live;
using Loophole.Cluster.Playback;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Playback;

/// <summary>What no guard can see while it runs, a lock that nobody else holds or a sleep, is not in the code of what the device calls.</summary>
public sealed class CallReachTests
{
    // Of these everything may be called: none of it waits, locks or allocates.
    private static readonly string[] Harmless = ["ArgumentOutOfRangeException.", "IAudioCallback.Process", "ILiveInput.", "ILiveRenderer.Hear", "IMeteredRenderer.TryTakeWindow", "ImmutableArray`1.get_", "IPlayedSignal.", "IRenderer.Render", "Interlocked.", "Math.", "MemoryExtensions.", "Memory`1.", "Nullable`1.", "Object..ctor", "ReadOnlyMemory`1.", "ReadOnlySpan`1.", "Single.IsFinite", "Span`1.", "Volatile."];

    [Theory]
    [InlineData(typeof(OutputFeed), nameof(IAudioCallback.Process))]
    [InlineData(typeof(RecordedCallback), nameof(IAudioCallback.Process))]
    [InlineData(typeof(Recording), nameof(Recording.Write))]
    [InlineData(typeof(EdgeFeed), nameof(IPlayedSignal.Contiguous))]
    [InlineData(typeof(EdgeFeed), nameof(IPlayedSignal.Take))]
    [InlineData(typeof(EdgeFeed), nameof(ILiveInput.Read))]
    [InlineData(typeof(ReturnFeed), nameof(ILiveInput.Contiguous))]
    [InlineData(typeof(ReturnFeed), nameof(ILiveInput.Read))]
    [InlineData(typeof(InputFeed), nameof(InputFeed.Write))]
    [InlineData(typeof(InputFeed), nameof(ILiveInput.Contiguous))]
    [InlineData(typeof(InputFeed), nameof(ILiveInput.Read))]
    [InlineData(typeof(LiveCohort), nameof(IPlayedSignal.Contiguous))]
    [InlineData(typeof(LiveCohort), nameof(IPlayedSignal.Take))]
    public void The_callback_can_come_to_nothing_that_waits_or_allocates(Type callback, string method)
    {
        var reach = callback.GetMethods().Where(overload => overload.Name == method).SelectMany(CallReach.Of).ToHashSet();
        Assert.Contains(reach, call => call.StartsWith("Math.", StringComparison.Ordinal) || call.StartsWith("IRenderer.", StringComparison.Ordinal));
        Assert.DoesNotContain(reach, call => !Harmless.Any(harmless => call.StartsWith(harmless, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_callback_that_does_has_it_in_its_reach()
    {
        var reach = CallReach.Of(typeof(Careless).GetMethod(nameof(IAudioCallback.Process))!);
        Assert.Superset(new HashSet<string> { "Lock.EnterScope", "Monitor.Enter", "Thread.Sleep", "new Object", "new Single", "new Int32", "IDisposable.Dispose" }, reach);
    }

    private sealed class Careless : IAudioCallback
    {
        private readonly Lock _lock = new();

        public object? Kept { get; private set; }

        public void Process(AudioBuffer input, ReadOnlySpan<MidiMessage> notes, AudioBuffer output)
        {
            lock (_lock)
            {
                Deeper(output.FrameCount);
            }
        }

        private void Deeper(int frames)
        {
            Kept = new object();
            lock (Kept)
            {
                Thread.Sleep(frames);
                Kept = new float[frames];
                (Kept as IDisposable)?.Dispose();
            }

            Kept = frames;
        }
    }
}
