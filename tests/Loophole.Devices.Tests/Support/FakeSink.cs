using Loophole.Cluster.Rendering;

namespace Loophole.Devices.Tests.Support;

/// <summary>A file that takes what it is given when the test says so, and fails when it says so.</summary>
internal sealed class FakeSink : IRenderSinkFactory, IRenderSink
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Set while writes go through; set at first.</summary>
    public ManualResetEventSlim Gate { get; } = new(true);

    /// <summary>What a write throws, or <see langword="null"/>.</summary>
    public Exception? WriteFailure { get; init; }

    /// <summary>What the completion throws, or <see langword="null"/>.</summary>
    public Exception? CompleteFailure { get; init; }

    /// <summary>The first write has begun.</summary>
    public Task Entered => _entered.Task;

    public List<float> Samples { get; } = [];

    public bool IsComplete { get; private set; }

    public bool IsDisposed { get; private set; }

    public IRenderSink Create(string path, int audioChannels, int sampleRate) => this;

    public void Write(ReadOnlySpan<float> samples)
    {
        _entered.TrySetResult();
        Assert.True(Gate.Wait(Deadline.Default));
        if (WriteFailure is { } failure)
        {
            throw failure;
        }

        Samples.AddRange(samples);
    }

    public string Complete()
    {
        if (CompleteFailure is { } failure)
        {
            throw failure;
        }

        IsComplete = true;
        return "";
    }

    public void Dispose() => IsDisposed = true;
}
