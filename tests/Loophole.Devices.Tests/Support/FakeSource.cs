using Loophole.Cluster.Audio;
using Loophole.Cluster.Media;

namespace Loophole.Devices.Tests.Support;

/// <summary>A mono file of 1, 2, 3, … that cannot be read from some frame on.</summary>
internal sealed class FakeSource(long frames, long readable) : ISampleSourceFactory, ISampleSource
{
    public MediaInfo Info { get; } = new(48_000, 1, frames);

    public bool IsDisposed { get; private set; }

    public ISampleSource Open(string path) => this;

    public void Read(long startFrame, AudioBuffer destination)
    {
        if (startFrame + destination.FrameCount > readable)
        {
            throw new MediaException(MediaError.Corrupt, "in.wav was cut short while it was open.");
        }

        for (var frame = 0; frame < destination.FrameCount; frame++)
        {
            destination.Channel(0)[frame] = startFrame + frame + 1;
        }
    }

    public void Dispose() => IsDisposed = true;
}
