using Loophole.Cluster.Rendering;

namespace Loophole.Devices.Tests.Support;

/// <summary>A sink that keeps what it gets, waits when told, and fails when told.</summary>
internal sealed class MemorySink : IRenderSink
{
    private readonly List<float> _samples = [];

    public ManualResetEventSlim Open { get; } = new(true);

    public bool IsFull { get; set; }

    public bool IsComplete { get; private set; }

    public bool IsDisposed { get; private set; }

    public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public float[] Samples => [.. _samples];

    public void Write(ReadOnlySpan<float> samples)
    {
        Entered.TrySetResult();
        if (!Open.Wait(Deadline.Default))
        {
            throw new TimeoutException("The test did not open the sink.");
        }

        if (IsFull)
        {
            throw new IOException("disk full");
        }

        _samples.AddRange(samples);
    }

    public string Complete()
    {
        IsComplete = true;
        return new string('0', 64);
    }

    public void Dispose()
    {
        IsDisposed = true;
        Open.Set();
    }
}
