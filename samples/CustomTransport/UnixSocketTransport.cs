using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Transports;

namespace Loophole.Samples.CustomTransport;

/// <summary>Connections over Unix-domain sockets, a socket per channel: between processes of one user on one machine.</summary>
/// <remarks>Endpoints are <c>unix:///path</c>. The file is open to its owner alone. Beside it lies <c>path.lock</c>, held as long as somebody listens:
/// by it a listener knows the file of one that was killed, which it replaces, from a file of somebody else, which it leaves alone.</remarks>
/// <param name="pool">Where every buffer is rented; <see langword="null"/> for the shared one. Must outlive the transport.</param>
/// <param name="time">The clock of all deadlines; <see langword="null"/> for the system's.</param>
public sealed class UnixSocketTransport(MemoryPool<byte>? pool = null, TimeProvider? time = null) : IClusterTransport
{
    /// <summary>How long connecting, greeting and closing may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<UnixListener, bool> _listeners = new();
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly PipeOptions _pipes = new(
        pool ?? MemoryPool<byte>.Shared, pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19, minimumSegmentSize: 16 * 1024, useSynchronizationContext: false);

    private bool _isDisposed;

    /// <inheritdoc/>
    public string Scheme => "unix";

    /// <inheritdoc/>
    public TransportSecurity Security => TransportSecurity.SameMachine;

    /// <inheritdoc/>
    public ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default)
    {
        var path = PathOf(local);
        cancellationToken.ThrowIfCancellationRequested();
        var listener = new UnixListener(local, path, _pipes, _time, closed => _listeners.TryRemove(closed, out _));
        _listeners[listener] = true;
        return new ValueTask<IClusterListener>(listener);
    }

    /// <inheritdoc/>
    public async ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default)
    {
        var path = PathOf(remote);
        cancellationToken.ThrowIfCancellationRequested();

        // The listening side cannot dial us by itself, so we listen too, where the token says.
        var token = Guid.NewGuid();
        UnixConnection? connection = null;
        var door = new UnixDoor(UnixDoor.BackPath(path, token), _time, (socket, greeting) => connection!.TryTake(socket, greeting));
        try
        {
            var socket = await UnixDoor.DialAsync(path, new Greeting(ChannelPurpose.Control, token), remote, _time, cancellationToken).ConfigureAwait(false);
            connection = new UnixConnection(socket, token, path, remote, _pipes, _time, door);
            door.Start();
            connection.Start();
            return connection;
        }
        catch
        {
            await door.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Disposes the listeners. Connections are their callers' to dispose.</summary>
    /// <returns>Completes when no file is left.</returns>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _isDisposed, true);
        foreach (var listener in _listeners.Keys)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }
    }

    private string PathOf(Uri endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), this);
        if (!endPoint.IsAbsoluteUri || endPoint.Scheme != Scheme || endPoint.Host.Length > 0 || endPoint.AbsolutePath.Length < 2)
        {
            throw new TransportException(TransportError.BadEndPoint, $"{endPoint} is not a {Scheme}:///path endpoint.");
        }

        var path = Uri.UnescapeDataString(endPoint.AbsolutePath);
        return UnixDoor.IsShortEnough(path) ? path : throw new TransportException(TransportError.BadEndPoint, $"{endPoint} is too long for a socket's path.");
    }
}

/// <summary>What the side that dials says first on every socket: 4 letters, version, purpose, two zeros, and the connection's token.</summary>
internal readonly record struct Greeting(ChannelPurpose Purpose, Guid Token)
{
    public const int Size = 24;

    public void Write(Span<byte> bytes)
    {
        "LPUX"u8.CopyTo(bytes);
        (bytes[4], bytes[5], bytes[6], bytes[7]) = (1, (byte)Purpose, 0, 0);
        Token.TryWriteBytes(bytes[8..]);
    }

    public static Greeting? Read(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("LPUX"u8) && bytes[4] == 1 && bytes[6] == 0 && bytes[7] == 0 && Enum.IsDefined((ChannelPurpose)bytes[5])
            ? new Greeting((ChannelPurpose)bytes[5], new Guid(bytes[8..Size]))
            : null;
}

/// <summary>A socket file at which greeted sockets arrive.</summary>
internal sealed class UnixDoor : IAsyncDisposable
{
    private const int Backlog = 512;
    private const int MaxGreeting = 64;
    private const int MaxPathBytes = 107;
    private const byte Welcome = 1;
    private const byte Refusal = 0;

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Func<Socket, Greeting, bool> _tryTake;
    private readonly FileStream _lock;
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Lock _gate = new();
    private readonly LinkedList<Socket> _greeting = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;
    private bool _isClosed;

    public UnixDoor(string path, TimeProvider time, Func<Socket, Greeting, bool> tryTake)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new TransportException(TransportError.BadEndPoint, $"{path}: without Unix file permissions nobody could be kept out.");
        }

        (_path, _time, _tryTake) = (path, time, tryTake);
        try
        {
            _lock = TakeOver(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _socket.Dispose();
            throw new TransportException(TransportError.BadEndPoint, $"Somebody listens at {path}, or it cannot be used: {exception.Message}", exception);
        }

        try
        {
            // Nobody can connect between the two: that takes Listen.
            _socket.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            _socket.Listen(Backlog);
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException)
        {
            _socket.Dispose();
            _lock.Dispose();
            File.Delete(LockPath(path));
            throw new TransportException(TransportError.BadEndPoint, $"Cannot listen at {path}: {exception.Message}", exception);
        }
    }

    public void Start() => _accepting = AcceptAllAsync();

    public static string BackPath(string path, Guid token) => $"{path}.{token.ToString("N")[..8]}";

    public static bool IsShortEnough(string path) => System.Text.Encoding.UTF8.GetByteCount(BackPath(path, Guid.Empty)) <= MaxPathBytes;

    public static async ValueTask<Socket> DialAsync(string path, Greeting greeting, Uri remote, TimeProvider time, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(UnixSocketTransport.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), either.Token).ConfigureAwait(false);
            var bytes = new byte[Greeting.Size];
            greeting.Write(bytes);
            await socket.SendAsync(bytes, SocketFlags.None, either.Token).ConfigureAwait(false);
            var count = await socket.ReceiveAsync(bytes.AsMemory(0, 1), SocketFlags.None, either.Token).ConfigureAwait(false);
            return count == 1 && bytes[0] == Welcome ? socket : throw new TransportException(TransportError.Refused, $"{remote} refused a {greeting.Purpose} channel.");
        }
        catch (Exception exception)
        {
            var isConnected = socket.Connected;
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw exception switch
            {
                TransportException => exception,
                OperationCanceledException => new TransportException(TransportError.Unreachable, $"{remote} did not answer in {UnixSocketTransport.Timeout}.", exception),
                SocketException { SocketErrorCode: SocketError.AccessDenied } => new TransportException(TransportError.Refused, $"{remote} belongs to somebody else.", exception),
                SocketException when isConnected => new TransportException(TransportError.Refused, $"{remote} ended the connection without an answer.", exception),
                _ => new TransportException(TransportError.Unreachable, $"Nobody answers at {remote}.", exception),
            };
        }
    }

    /// <summary>Lets nobody in any more. No file is left when it returns, whoever else is closing it.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            _socket.Dispose();
            File.Delete(_path);
            File.Delete(LockPath(_path));
            _lock.Dispose();
        }

        _stop.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        Close();
        await _accepting.ConfigureAwait(false);
    }

    private static string LockPath(string path) => path + ".lock";

    /// <summary>Takes the lock, and with it what a killed listener left behind; never a file that came without one.</summary>
    private static FileStream TakeOver(string path)
    {
        var hadLock = File.Exists(LockPath(path));
        if (!hadLock && File.Exists(path))
        {
            throw new IOException($"{path} is a file of somebody else.");
        }

        var held = new FileStream(LockPath(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        File.Delete(path);
        return held;
    }

    private async Task AcceptAllAsync()
    {
        try
        {
            while (true)
            {
                _ = GreetAsync(await _socket.AcceptAsync(_stop.Token).ConfigureAwait(false));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The door is closed.
        }
    }

    private async Task GreetAsync(Socket socket)
    {
        var isTaken = false;
        var place = AddGreeting(socket);
        using var deadline = new CancellationTokenSource(UnixSocketTransport.Timeout, _time);
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stop.Token);
            var bytes = new byte[Greeting.Size];
            for (var got = 0; got < bytes.Length;)
            {
                var count = await socket.ReceiveAsync(bytes.AsMemory(got), SocketFlags.None, either.Token).ConfigureAwait(false);
                got += count > 0 ? count : throw new SocketException((int)SocketError.ConnectionReset);
            }

            // Out of the line before it is a channel. One byte fits into any fresh socket, so nobody waits for the peer here.
            RemoveGreeting(place);
            isTaken = Greeting.Read(bytes) is { } greeting && _tryTake(socket, greeting);
            if (!isTaken)
            {
                socket.Send([Refusal]);
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // A client that was slow, or is gone.
        }
        finally
        {
            RemoveGreeting(place);
            if (!isTaken)
            {
                socket.Dispose();
            }
        }
    }

    /// <summary>Puts a socket in line; where the line is full the oldest has had its chance, so that silent clients do not keep out a good one.</summary>
    private LinkedListNode<Socket> AddGreeting(Socket socket)
    {
        lock (_gate)
        {
            if (_greeting.Count == MaxGreeting)
            {
                _greeting.First!.Value.Dispose();
                _greeting.RemoveFirst();
            }

            return _greeting.AddLast(socket);
        }
    }

    private void RemoveGreeting(LinkedListNode<Socket> place)
    {
        lock (_gate)
        {
            if (place.List is not null)
            {
                _greeting.Remove(place);
            }
        }
    }

    /// <summary>Tells the side that dialled that the socket is a channel from the next byte on. Never throws: a lost socket shows soon enough.</summary>
    public static void Answer(Socket socket)
    {
        try
        {
            socket.Send([Welcome]);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The channel's loops meet it.
        }
    }
}

/// <summary>Accepts connections, and channels of those it has accepted.</summary>
internal sealed class UnixListener : IClusterListener
{
    private const int MaxWaiting = 128;

    private readonly string _path;
    private readonly PipeOptions _pipes;
    private readonly TimeProvider _time;
    private readonly Action<UnixListener> _onClosed;
    private readonly UnixDoor _door;
    private readonly ConcurrentDictionary<Guid, UnixConnection> _connections = new();
    private readonly Channel<UnixConnection> _waiting = Channel.CreateBounded<UnixConnection>(MaxWaiting);

    public UnixListener(Uri local, string path, PipeOptions pipes, TimeProvider time, Action<UnixListener> onClosed)
    {
        (LocalEndPoint, _path, _pipes, _time, _onClosed) = (local, path, pipes, time, onClosed);
        _door = new UnixDoor(path, time, TryTake);
        _door.Start();
    }

    public Uri LocalEndPoint { get; }

    public async ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _waiting.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_waiting.Reader.TryRead(out var connection))
            {
                return connection;
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        _onClosed(this);
        _waiting.Writer.TryComplete();
        await _door.DisposeAsync().ConfigureAwait(false);
        while (_waiting.Reader.TryRead(out var connection))
        {
            connection.Abort("The listener was disposed before anybody accepted the connection.");
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private bool TryTake(Socket socket, Greeting greeting)
    {
        if (greeting.Purpose != ChannelPurpose.Control)
        {
            return _connections.TryGetValue(greeting.Token, out var known) && known.TryTake(socket, greeting);
        }

        // Room first: what is made owns the socket.
        if (_waiting.Reader.Count >= MaxWaiting || _connections.ContainsKey(greeting.Token))
        {
            return false;
        }

        var connection = new UnixConnection(socket, greeting.Token, UnixDoor.BackPath(_path, greeting.Token), LocalEndPoint, _pipes, _time, null);
        _connections[greeting.Token] = connection;
        connection.Closed.UnsafeRegister(_ => _connections.TryRemove(greeting.Token, out var _), null);
        if (!_waiting.Writer.TryWrite(connection))
        {
            connection.Abort("The listener is closing.");
        }

        UnixDoor.Answer(socket);
        connection.Start();
        return true;
    }
}

/// <summary>One end of a connection. Both ends dial the same way, each the other's door.</summary>
internal sealed class UnixConnection : PipeClusterConnection
{
    private readonly Guid _token;
    private readonly string _peerPath;
    private readonly PipeOptions _pipes;
    private readonly TimeProvider _time;
    private readonly UnixDoor? _door;

    private readonly UnixChannel _control;

    public UnixConnection(Socket control, Guid token, string peerPath, Uri remote, PipeOptions pipes, TimeProvider time, UnixDoor? door)
        : this(new UnixChannel(control, ChannelPurpose.Control, pipes, time), token, peerPath, remote, pipes, time, door)
    {
    }

    private UnixConnection(UnixChannel control, Guid token, string peerPath, Uri remote, PipeOptions pipes, TimeProvider time, UnixDoor? door)
        : base(control, remote, TransportSecurity.SameMachine) =>
        (_control, _token, _peerPath, _pipes, _time, _door) = (control, token, peerPath, pipes, time, door);

    /// <summary>Lets bytes run over the control channel. Called once, when the greeting is over.</summary>
    public void Start() => _control.Start(OnPeerClosed);

    public bool TryTake(Socket socket, Greeting greeting)
    {
        if (greeting.Token != _token)
        {
            return false;
        }

        var channel = new UnixChannel(socket, greeting.Purpose, _pipes, _time);
        if (!TryAccept(channel))
        {
            return false;
        }

        UnixDoor.Answer(socket);
        channel.Start();
        return true;
    }

    protected override async ValueTask<PipeClusterChannel> OpenPipeAsync(ChannelPurpose purpose, CancellationToken cancellationToken)
    {
        var socket = await UnixDoor.DialAsync(_peerPath, new Greeting(purpose, _token), RemoteEndPoint, _time, cancellationToken).ConfigureAwait(false);
        var channel = new UnixChannel(socket, purpose, _pipes, _time);
        channel.Start();
        return channel;
    }

    protected override void OnClosed() => _door?.Close();
}

/// <summary>A channel over one socket. A Unix socket knows no reset: an abort would look like an end. So bytes travel in pieces, each after its length, and
/// an end in good order is a length of zero; a socket that ends without it was aborted.</summary>
internal sealed class UnixChannel : PipeClusterChannel
{
    private const int MaxPiece = 1 << 20;
    private const int MaxUnflushed = 1 << 16;

    private readonly Socket _socket;
    private readonly Pipe _inbound;
    private readonly Pipe _outbound;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopReceiving = new();
    private readonly byte[] _length = new byte[sizeof(int)];
    private Task _receiving = Task.CompletedTask;
    private Task _sending = Task.CompletedTask;

    public UnixChannel(Socket socket, ChannelPurpose purpose, PipeOptions pipes, TimeProvider time)
        : this(socket, purpose, new Pipe(pipes), new Pipe(pipes), time)
    {
    }

    private UnixChannel(Socket socket, ChannelPurpose purpose, Pipe inbound, Pipe outbound, TimeProvider time)
        : base(new Ends(inbound.Reader, outbound.Writer), purpose) =>
        (_socket, _inbound, _outbound, _time) = (socket, inbound, outbound, time);

    public void Start(Action? onPeerEnded = null)
    {
        _receiving = ReceiveAllAsync(onPeerEnded);
        _sending = SendAllAsync();
    }

    protected override void OnFailed(TransportException cause) => _socket.Dispose();

    protected override async ValueTask OnDisposedAsync()
    {
        // A receive that waits holds rented memory.
        await _stopReceiving.CancelAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(false);
        try
        {
            await _sending.WaitAsync(UnixSocketTransport.Timeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _socket.Dispose();
            await _sending.ConfigureAwait(false);
        }

        _ = LingerAsync();
    }

    private async Task ReceiveAllAsync(Action? onPeerEnded)
    {
        var writer = _inbound.Writer;
        try
        {
            while (await ReceiveLengthAsync().ConfigureAwait(false) is > 0 and var left)
            {
                while (left > 0)
                {
                    var memory = writer.GetMemory();
                    var count = await _socket.ReceiveAsync(memory[..Math.Min(left, memory.Length)], SocketFlags.None, _stopReceiving.Token).ConfigureAwait(false);
                    writer.Advance(count > 0 ? count : throw Reset());
                    left -= count;

                    // What was flushed in one piece is handed over in one piece, as long as it is small.
                    if (left == 0 || writer.UnflushedBytes >= MaxUnflushed)
                    {
                        await writer.FlushAsync(_stopReceiving.Token).ConfigureAwait(false);
                    }
                }
            }

            await writer.CompleteAsync().ConfigureAwait(false);
            onPeerEnded?.Invoke();
        }
        catch (OperationCanceledException)
        {
            await writer.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Fail(Translate(exception));
            await writer.CompleteAsync(Failure).ConfigureAwait(false);
        }
    }

    // What waits once per block must not allocate when it does.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReceiveLengthAsync()
    {
        for (var got = 0; got < sizeof(int);)
        {
            var count = await _socket.ReceiveAsync(_length.AsMemory(got), SocketFlags.None, _stopReceiving.Token).ConfigureAwait(false);
            got += count > 0 ? count : throw Reset();
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(_length);
        return length is >= 0 and <= MaxPiece ? length : throw new TransportException(TransportError.ProtocolViolation, $"The peer sent a piece of {length} bytes.");
    }

    private async Task SendAllAsync()
    {
        var reader = _outbound.Reader;
        var length = new byte[sizeof(int)];
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync().ConfigureAwait(false);
                var buffer = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, MaxPiece));
                if (!buffer.IsEmpty)
                {
                    BinaryPrimitives.WriteInt32LittleEndian(length, (int)buffer.Length);
                    await SendAsync(length).ConfigureAwait(false);
                    foreach (var piece in buffer)
                    {
                        await SendAsync(piece).ConfigureAwait(false);
                    }
                }

                var isAll = buffer.Length == result.Buffer.Length;
                reader.AdvanceTo(buffer.End);
                if (result.IsCompleted && isAll)
                {
                    break;
                }
            }

            await SendAsync(new byte[sizeof(int)]).ConfigureAwait(false);
            _socket.Shutdown(SocketShutdown.Send);
            await reader.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Fail(Translate(exception));
            await reader.CompleteAsync(Failure).ConfigureAwait(false);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None).ConfigureAwait(false)..];
        }
    }

    /// <summary>Waits for the peer's end, for a while: closing earlier would make the peer's last sends fail, and it could lose what it has not read yet.</summary>
    private async Task LingerAsync()
    {
        using var deadline = new CancellationTokenSource(UnixSocketTransport.Timeout, _time);
        var rubbish = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            while (await _socket.ReceiveAsync(rubbish, SocketFlags.None, deadline.Token).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Nobody is left to tell.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rubbish);
            _socket.Dispose();
            _stopReceiving.Dispose();
        }
    }

    private static TransportException Reset() => new(TransportError.PeerReset, "The peer aborted the channel, or its process went away.");

    private static TransportException Translate(Exception exception) => exception switch
    {
        TransportException known => known,
        SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown } =>
            new TransportException(TransportError.PeerReset, "The peer went away.", exception),
        ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted } =>
            new TransportException(TransportError.Aborted, "This side closed the socket.", exception),
        _ => new TransportException(TransportError.Unknown, "The socket failed.", exception),
    };

    private sealed class Ends(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
