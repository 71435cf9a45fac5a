using System.Collections.Concurrent;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Support;

/// <summary>Keeps takes of notes in memory.</summary>
internal sealed class FakeNoteSinks : INoteSinkFactory
{
    /// <summary>What was completed, by path.</summary>
    public ConcurrentDictionary<string, MidiMessage[]> Takes { get; } = new();

    public INoteSink Create(string path, int sampleRate) => new Sink(this, path);

    private sealed class Sink(FakeNoteSinks owner, string path) : INoteSink
    {
        private readonly List<MidiMessage> _messages = [];

        public void Write(in MidiMessage message) => _messages.Add(message);

        public void Complete() => owner.Takes[path] = [.. _messages];

        public void Dispose() => _messages.Clear();
    }
}
