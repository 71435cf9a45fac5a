using System.Diagnostics;
using Loophole.Cluster;
using Loophole.Cluster.Placement;

namespace Loophole.EndToEnd.Tests.InProcess;

/// <summary>What playing holds does not grow. How long it stays in time, <c>bench/Playback</c> measures.</summary>
[Collection(nameof(Alone))]
public sealed class SoakTests
{
    private const int Rate = 48_000;
    private const long WarmUpFrames = 5 * Rate;
    private const long EndFrames = 25 * Rate;
    private const long MostBytes = 1 << 20;

    /// <summary>Of the pool's threads and the runtime's own files, which come and go.</summary>
    private const int Slack = 8;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Playing_in_a_loop_keeps_no_more_memory_threads_and_handles()
    {
        await using var cluster = await InProcessCluster.StartAsync(satellites: 2);
        using var stop = new CancellationTokenSource();
        var progress = new Progress();
        var request = new PlayRequest { Graph = TestGraphs.Tones(9), Device = "null", Loop = new LoopRegion(0, Rate / 2), Policy = DistributionPolicy.AggressiveOffload };
        var playing = cluster.PlayAsync(request, progress, stop.Token, TestContext.Current.CancellationToken);
        await Task.WhenAny(playing, progress.WarmedUp).Unwrap().WaitAsync(Deadline, TestContext.Current.CancellationToken);

        // Twice: looking makes things of its own the first time.
        _ = Holdings.Read();
        var before = Holdings.Read();
        await Task.WhenAny(playing, progress.Ended).Unwrap().WaitAsync(Deadline, TestContext.Current.CancellationToken);
        var after = Holdings.Read();
        await stop.CancelAsync();
        var result = await playing;
        Assert.Equal(0, result.Failovers);
        Assert.Empty(Assert.NotNull(result.CallbackFaults));
        Assert.True(after.Bytes - before.Bytes < MostBytes, $"The heap has grown: {before} to {after}.");
        Assert.True(after.Threads - before.Threads <= Slack && after.Handles - before.Handles <= Slack, $"Threads or handles have grown: {before} to {after}.");
    }

    private sealed class Progress : IProgress<PlayProgress>
    {
        private readonly TaskCompletionSource _warmedUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task WarmedUp => _warmedUp.Task;

        public Task Ended => _ended.Task;

        public void Report(PlayProgress value)
        {
            if (value.RenderFrame >= WarmUpFrames)
            {
                _warmedUp.TrySetResult();
            }

            if (value.RenderFrame >= EndFrames)
            {
                _ended.TrySetResult();
            }
        }
    }

    /// <summary>What this process holds, after a full collection.</summary>
    private readonly record struct Holdings(long Bytes, int Threads, int Handles)
    {
        public static Holdings Read()
        {
            var bytes = GC.GetTotalMemory(forceFullCollection: true);
            using var process = Process.GetCurrentProcess();
            return new Holdings(bytes, process.Threads.Count, OperatingSystem.IsLinux() ? Directory.GetFiles("/proc/self/fd").Length : process.HandleCount);
        }
    }
}
