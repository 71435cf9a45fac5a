using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Loophole.Cluster.TestKit.Impairment.Relays;

/// <summary>Accepts clients, connects each to the target, and lets flows carry the bytes between the two sockets.</summary>
internal sealed class TcpRelay : IRelay
{
    private const int Backlog = 512;

    private readonly IPEndPoint _target;
    private readonly ImpairmentRelayOptions _options;
    private readonly ImpairedLink _toTarget;
    private readonly ImpairedLink _toClient;
    private readonly PipeOptions _pipeOptions;
    private readonly Socket _listening;
    private readonly Task _accepting;
    private readonly Lock _gate = new();
    private readonly Dictionary<TcpPair, Task> _pairs = [];
    private bool _isDisposed;
    private int _lastPair;

    public TcpRelay(IPEndPoint target, ImpairmentRelayOptions options, ImpairedLink toTarget, ImpairedLink toClient)
    {
        _target = target;
        _options = options;
        _toTarget = toTarget;
        _toClient = toClient;
        _pipeOptions = new PipeOptions(
            options.Pool ?? MemoryPool<byte>.Shared,
            pauseWriterThreshold: options.BufferBytes,
            resumeWriterThreshold: options.BufferBytes / 2,
            minimumSegmentSize: 16 * 1024,
            useSynchronizationContext: false);
        _listening = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listening.Bind(new IPEndPoint(target.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, 0));
        _listening.Listen(Backlog);
        EndPoint = (IPEndPoint)_listening.LocalEndPoint!;
        _accepting = AcceptAllAsync();
    }

    public IPEndPoint EndPoint { get; }

    public async ValueTask DisposeAsync()
    {
        KeyValuePair<TcpPair, Task>[] pairs;
        lock (_gate)
        {
            _isDisposed = true;
            pairs = [.. _pairs];
        }

        _listening.Dispose();
        await _accepting.ConfigureAwait(false);
        foreach (var (pair, _) in pairs)
        {
            pair.Kill();
        }

        await Task.WhenAll(pairs.Select(p => p.Value)).ConfigureAwait(false);
    }

    private async Task AcceptAllAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listening.AcceptAsync().ConfigureAwait(false);
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                // A client that was gone at once.
                continue;
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }

            Serve(client);
        }
    }

    private void Serve(Socket client)
    {
        lock (_gate)
        {
            if (_isDisposed || _pairs.Count == _options.MaxClients)
            {
                Sockets.Reset(client);
                return;
            }

            var pair = new TcpPair(client, _target, _pipeOptions, _toTarget, _toClient, unchecked(_options.Seed + (2 * ++_lastPair)));
            _pairs[pair] = ServeAsync(pair);
        }
    }

    private async Task ServeAsync(TcpPair pair)
    {
        // The entry is in its place before it is removed.
        await Task.Yield();
        await pair.RunAsync().ConfigureAwait(false);
        lock (_gate)
        {
            _pairs.Remove(pair);
        }
    }
}
