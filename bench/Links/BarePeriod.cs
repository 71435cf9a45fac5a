using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Loophole.Bench.Links;

/// <summary>A block period: headers and samples copied in on one side and out on the other, one send.</summary>
internal sealed unsafe partial class BarePeriod(Socket socket, Shape shape)
{
    private const int HeaderBytes = 40;
    private const int NoSignal = 0x4000;

    private readonly int _socket = (int)socket.Handle;
    private readonly byte[][] _samples = [.. Enumerable.Range(0, shape.Streams).Select(_ => new byte[shape.StreamChannels * shape.Frames * sizeof(float)])];
    private readonly byte[] _wire = GC.AllocateArray<byte>(shape.Streams * (HeaderBytes + (shape.StreamChannels * shape.Frames * sizeof(float))), pinned: true);

    public void Send()
    {
        var block = _wire.AsSpan();
        foreach (var samples in _samples)
        {
            block[..HeaderBytes].Fill(1);
            samples.CopyTo(block[HeaderBytes..]);
            block = block[(HeaderBytes + samples.Length)..];
        }

        fixed (byte* start = _wire)
        {
            for (nint sent = 0; sent < _wire.Length;)
            {
                var count = Send(_socket, start + sent, _wire.Length - sent, NoSignal);
                sent += count > 0 ? count : throw new InvalidOperationException("Nothing can be sent.");
            }
        }
    }

    /// <returns><see langword="false"/> when the peer has ended.</returns>
    public bool Receive()
    {
        fixed (byte* start = _wire)
        {
            for (nint got = 0; got < _wire.Length;)
            {
                var count = Receive(_socket, start + got, _wire.Length - got, 0);
                if (count <= 0)
                {
                    return false;
                }

                got += count;
            }
        }

        var block = _wire.AsSpan();
        foreach (var samples in _samples)
        {
            block.Slice(HeaderBytes, samples.Length).CopyTo(samples);
            block = block[(HeaderBytes + samples.Length)..];
        }

        return true;
    }

    [LibraryImport("libc", EntryPoint = "recv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Receive(int socket, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "send")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Send(int socket, byte* buffer, nint length, int flags);
}
