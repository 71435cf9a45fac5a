using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using Loophole.Cluster.Devices;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>Sends several pieces of memory in one system call and allocates nothing. One send at a time.</summary>
internal sealed class SocketSender : SocketAsyncEventArgs, IValueTaskSource<int>
{
    // Beyond eight pieces the runtime allocates its vector on the heap.
    private const int MaxPieces = 8;

    private readonly List<ArraySegment<byte>> _pieces = new(MaxPieces);
    private ManualResetValueTaskSourceCore<int> _source;

    public SocketSender()
        : base(true)
    {
    }

    /// <summary>Sends what stands at the front of a buffer.</summary>
    /// <returns>Bytes sent; possibly less than there are.</returns>
    public ValueTask<int> SendAsync(Socket socket, in ReadOnlySequence<byte> buffer)
    {
        AudioThread.Trip(AudioThreadFault.Network, "a socket");
        _source.Reset();
        SetPieces(buffer);
        return socket.SendAsync(this)
            ? new ValueTask<int>(this, _source.Version)
            : SocketError == SocketError.Success
                ? new ValueTask<int>(BytesTransferred)
                : ValueTask.FromException<int>(new SocketException((int)SocketError));
    }

    int IValueTaskSource<int>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    protected override void OnCompleted(SocketAsyncEventArgs e)
    {
        if (SocketError == SocketError.Success)
        {
            _source.SetResult(BytesTransferred);
        }
        else
        {
            _source.SetException(new SocketException((int)SocketError));
        }
    }

    private void SetPieces(in ReadOnlySequence<byte> buffer)
    {
        _pieces.Clear();
        if (!buffer.IsSingleSegment)
        {
            foreach (var memory in buffer)
            {
                if (_pieces.Count == MaxPieces || !MemoryMarshal.TryGetArray(memory, out var piece))
                {
                    break;
                }

                _pieces.Add(piece);
            }
        }

        if (_pieces.Count > 1)
        {
            SetBuffer(default);
            BufferList = _pieces;
        }
        else
        {
            BufferList = null;
            SetBuffer(MemoryMarshal.AsMemory(buffer.First));
        }
    }
}
