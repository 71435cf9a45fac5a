using System.Buffers;
using System.Diagnostics;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit;

/// <summary>A transport as the conformance cases of the transport suite see it. Derive from it, implement three members, and
/// override what differs. Cases may run side by side, so every member must be safe for concurrent use.</summary>
public abstract class TransportSubject
{
    /// <summary>Where a case listens. Cases that run side by side must not meet there: use a free port (0), or a new name for each call. [any]</summary>
    public abstract Uri ListenEndPoint { get; }

    /// <summary>What the transport must guarantee; the cases hold it to that. [any]</summary>
    public abstract TransportSecurity Security { get; }

    /// <summary>Makes a transport. [any]</summary>
    /// <param name="pool">Where every buffer of it is rented. It outlives the transport.</param>
    /// <returns>The transport; the case disposes it.</returns>
    public abstract IClusterTransport CreateTransport(MemoryPool<byte> pool);

    /// <summary>How long a case waits for any one thing. Long enough for a busy machine: it is spent only by a transport that fails. Default 20 s. [any]</summary>
    public virtual TimeSpan TimeLimit => TimeSpan.FromSeconds(20);

    /// <summary>Counts <see cref="TimeLimit"/>. The kit's own tests end a wait when a flaw has shown itself, instead of when time is over.</summary>
    internal virtual TimeProvider Clock => TimeProvider.System;

    /// <summary>Bytes that a writer may be rid of, in all buffers of both ends and the system between, before a flush waits for a reader
    /// who does not read. Default 32 MiB. [any]</summary>
    public virtual long BufferLimit => 32L << 20;

    /// <summary>How many connections the cases of churn make. Default 1000. [any]</summary>
    public virtual int ChurnCount => 1000;

    /// <summary>Whether steady state must allocate nothing. Default <see langword="true"/>; say <see langword="false"/> where the platform allocates, and
    /// the cases are shown as skipped. [any]</summary>
    public virtual bool MustNotAllocate => true;

    /// <summary>Bytes that the platform below the transport may allocate in 20,000 blocks of steady state, such as a pool that still grows. Default 0. [any]</summary>
    public virtual long AllocationAllowance => 0;

    /// <summary>An endpoint where nobody listens; <see langword="null"/> to let the cases listen, stop, and use what was theirs. Default <see langword="null"/>. [any]</summary>
    public virtual Uri? UnreachableEndPoint => null;

    /// <summary>An endpoint that takes bytes and never answers, to show that connecting has a deadline, which must be below <see cref="TimeLimit"/>;
    /// <see langword="null"/> to skip that case. Default <see langword="null"/>. [any]</summary>
    public virtual Uri? SilentEndPoint => null;

    /// <summary>Open handles of this process, to find those that leak; -1 to skip that case. [any]</summary>
    /// <returns>The number, for the whole process. Default: what the system counts.</returns>
    public virtual int CountHandles()
    {
        using var self = Process.GetCurrentProcess();
        return self.HandleCount > 0 ? self.HandleCount : -1;
    }

    /// <summary>Whether <see cref="ConnectRawAsync"/> works; the cases of hostile bytes are shown as skipped when not. Default <see langword="false"/>. [any]</summary>
    public virtual bool HasRawPeer => false;

    /// <summary>Connects below the transport, to send a listener what no transport would. [any]</summary>
    /// <param name="listening">The endpoint of a listener of this transport.</param>
    /// <param name="cancellationToken">Stops the attempt.</param>
    /// <returns>The bytes' way to the listener and back; the case disposes it.</returns>
    /// <exception cref="NotSupportedException"><see cref="HasRawPeer"/> is <see langword="false"/>.</exception>
    public virtual ValueTask<Stream> ConnectRawAsync(Uri listening, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>The name for reports. Default: the scheme of <see cref="ListenEndPoint"/>. [any]</summary>
    /// <returns>The name.</returns>
    public override string ToString() => ListenEndPoint.Scheme;
}
