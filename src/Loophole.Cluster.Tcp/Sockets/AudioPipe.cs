using System.Buffers;
using System.IO.Pipelines;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>The two ends of an audio channel, on the socket itself.</summary>
internal sealed class AudioPipe : IDuplexPipe
{
    // A block period of a hundred stereo streams; what needs more grows.
    private const int LargestStart = 256 * 1024;

    public AudioPipe(SocketLine line, TcpSettings settings)
    {
        var pool = settings.Options.Pool ?? MemoryPool<byte>.Shared;
        var size = Math.Min(settings.Options.PauseThreshold, LargestStart);
        Line = new AudioLine(line);
        var memories = new AudioMemories(pool, size, ends: 2);
        Reader = new AudioLineReader(Line, memories);
        Writer = new AudioLineWriter(Line, memories, Line.IsSecure ? new AudioMemories(pool, size, ends: 1) : null);
    }

    public AudioLine Line { get; }

    public AudioLineReader Reader { get; }

    public AudioLineWriter Writer { get; }

    PipeReader IDuplexPipe.Input => Reader;

    PipeWriter IDuplexPipe.Output => Writer;
}
