using System.Buffers;

namespace Loophole.Cluster.Protocol.Tests.Contract;

/// <summary>Counts what is out, and poisons what comes back so that a use after return shows. Keeps what comes back, so that steady
/// state allocates nothing here.</summary>
public sealed class CountingPool : MemoryPool<byte>
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Stack<byte[]>> _free = [];
    private readonly Stack<Lease> _leases = new();

    public int Outstanding { get; private set; }

    public int MostOutstanding { get; private set; }

    public override int MaxBufferSize => Array.MaxLength;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        var size = Math.Max(minBufferSize, 4096);
        lock (_gate)
        {
            Outstanding++;
            MostOutstanding = Math.Max(MostOutstanding, Outstanding);
            var lease = _leases.TryPop(out var used) ? used : new Lease(this);
            lease.Bytes = _free.TryGetValue(size, out var stack) && stack.TryPop(out var bytes) ? bytes : new byte[size];
            return lease;
        }
    }

    protected override void Dispose(bool disposing)
    {
    }

    private sealed class Lease(CountingPool pool) : IMemoryOwner<byte>
    {
        public byte[]? Bytes { get; set; }

        public Memory<byte> Memory => Bytes ?? throw new ObjectDisposedException("A buffer was used after its return.");

        public void Dispose()
        {
            lock (pool._gate)
            {
                if (Bytes is { } bytes)
                {
                    Bytes = null;
                    bytes.AsSpan().Fill(0xDB);
                    pool.Outstanding--;
                    if (!pool._free.TryGetValue(bytes.Length, out var stack))
                    {
                        pool._free[bytes.Length] = stack = new Stack<byte[]>();
                    }

                    stack.Push(bytes);
                    pool._leases.Push(this);
                }
            }
        }
    }
}
