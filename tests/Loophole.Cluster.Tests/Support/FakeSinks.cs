using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.Tests.Support;

/// <summary>Keeps what was rendered, counts what is open, and calls out when a frame is reached.</summary>
internal sealed class FakeSinks : IRenderSinkFactory
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;

    /// <summary>What is heard; everything else is a take.</summary>
    public List<float> Samples { get; } = [];

    /// <summary>By path.</summary>
    public ConcurrentDictionary<string, List<float>> Takes { get; } = [];

    public bool IsComplete { get; private set; }

    public int Open => Volatile.Read(ref _open);

    public Task Closed => _closed.Task;

    public Action<long> OnFrames { get; set; } = _ => { };

    public IRenderSink Create(string path, int audioChannels, int sampleRate)
    {
        Interlocked.Increment(ref _open);
        return path.Contains("take", StringComparison.Ordinal) ? new Sink(this, Takes.GetOrAdd(path, _ => []), audioChannels) : new Sink(this, Samples, audioChannels);
    }

    private sealed class Sink(FakeSinks owner, List<float> samples, int audioChannels) : IRenderSink
    {
        public void Write(ReadOnlySpan<float> written)
        {
            samples.AddRange(written);
            owner.OnFrames(samples.Count / audioChannels);
        }

        public string Complete()
        {
            owner.IsComplete = true;
            return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(samples))));
        }

        public void Dispose()
        {
            Interlocked.Decrement(ref owner._open);
            owner._closed.TrySetResult();
        }
    }
}
