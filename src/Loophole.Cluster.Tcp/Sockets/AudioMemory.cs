using System.Buffers;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>Rents the large pieces that a block period of many streams needs, also where a pool has small ones only.</summary>
internal static class AudioMemory
{
    public static IMemoryOwner<byte> Rent(MemoryPool<byte> pool, int size) => (size <= pool.MaxBufferSize ? pool : MemoryPool<byte>.Shared).Rent(size);
}
