using System.Buffers;

namespace Loophole.Cluster.TestKit;

/// <summary>A pool that counts what is rented, and poisons what comes back so that a use after return shows. Keeps what comes back, so
/// that steady state allocates nothing here. Safe for concurrent use.</summary>
public sealed class CountingMemoryPool : MemoryPool<byte>
{
    private const int SmallestBuffer = 4096;
    private const byte Poison = 0xDB;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Stack<byte[]>> _free = [];
    private readonly Stack<Lease> _leases = new();
    private TaskCompletionSource? _empty;
    private int _outstanding;
    private int _mostOutstanding;
    private long _outstandingBytes;
    private long _mostOutstandingBytes;
    private int _writesAfterReturn;

    /// <summary>Buffers rented and not returned. [any]</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>The largest <see cref="Outstanding"/> so far. [any]</summary>
    public int MostOutstanding => Volatile.Read(ref _mostOutstanding);

    /// <summary>Bytes of the buffers rented and not returned. [any]</summary>
    public long OutstandingBytes => Interlocked.Read(ref _outstandingBytes);

    /// <summary>The largest <see cref="OutstandingBytes"/> so far. [any]</summary>
    public long MostOutstandingBytes => Interlocked.Read(ref _mostOutstandingBytes);

    /// <summary>Buffers that somebody wrote to after their return, as found when they were rented again. [any]</summary>
    public int WritesAfterReturn => Volatile.Read(ref _writesAfterReturn);

    /// <summary>Bytes of the largest buffer there is. [any]</summary>
    public override int MaxBufferSize => Array.MaxLength;

    /// <summary>Rents a buffer. [any]</summary>
    /// <param name="minBufferSize">Least size in bytes; -1 for the smallest buffer, 4 KiB.</param>
    /// <returns>The buffer; dispose it to return it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below -1 or above <see cref="MaxBufferSize"/>.</exception>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minBufferSize, -1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, MaxBufferSize);
        var size = Math.Max(minBufferSize, SmallestBuffer);
        lock (_gate)
        {
            var bytes = Take(size);
            _outstanding++;
            _outstandingBytes += size;
            _mostOutstanding = Math.Max(_mostOutstanding, _outstanding);
            _mostOutstandingBytes = Math.Max(_mostOutstandingBytes, _outstandingBytes);
            var lease = _leases.TryPop(out var used) ? used : new Lease(this);
            lease.Bytes = bytes;
            return lease;
        }
    }

    /// <summary>Waits until nothing is rented. [any]</summary>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>Completes when <see cref="Outstanding"/> was 0.</returns>
    public Task WaitUntilEmptyAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _empty ??= _outstanding == 0 ? null : new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;
        }
    }

    /// <summary>Forgets the buffers kept. What is rented stays usable.</summary>
    /// <param name="disposing">Whether disposed by a caller.</param>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            _free.Clear();
            _leases.Clear();
        }
    }

    private byte[] Take(int size)
    {
        if (!_free.TryGetValue(size, out var stack) || !stack.TryPop(out var bytes))
        {
            return GC.AllocateUninitializedArray<byte>(size);
        }

        if (bytes.AsSpan().ContainsAnyExcept(Poison))
        {
            _writesAfterReturn++;
        }

        return bytes;
    }

    private void Return(Lease lease)
    {
        lock (_gate)
        {
            if (lease.Bytes is not { } bytes)
            {
                return;
            }

            lease.Bytes = null;
            bytes.AsSpan().Fill(Poison);
            if (!_free.TryGetValue(bytes.Length, out var stack))
            {
                _free[bytes.Length] = stack = new Stack<byte[]>();
            }

            stack.Push(bytes);
            _leases.Push(lease);
            _outstandingBytes -= bytes.Length;
            if (--_outstanding == 0)
            {
                _empty?.SetResult();
                _empty = null;
            }
        }
    }

    private sealed class Lease(CountingMemoryPool pool) : IMemoryOwner<byte>
    {
        public byte[]? Bytes { get; set; }

        public Memory<byte> Memory => Bytes ?? throw new ObjectDisposedException(nameof(Lease), "A buffer was used after its return.");

        public void Dispose() => pool.Return(this);
    }
}
