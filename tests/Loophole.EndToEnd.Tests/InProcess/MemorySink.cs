using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Loophole.Cluster.Rendering;

namespace Loophole.EndToEnd.Tests.InProcess;

/// <summary>Keeps what was rendered.</summary>
internal sealed class MemorySink : IRenderSinkFactory, IRenderSink
{
    private readonly List<float> _samples = [];

    public ReadOnlySpan<float> Samples => CollectionsMarshal.AsSpan(_samples);

    public IRenderSink Create(string path, int audioChannels, int sampleRate) => this;

    public void Write(ReadOnlySpan<float> samples) => _samples.AddRange(samples);

    public string Complete() => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(Samples)));

    public void Dispose()
    {
    }
}
