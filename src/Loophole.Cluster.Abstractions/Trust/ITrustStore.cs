namespace Loophole.Cluster.Trust;

/// <summary>Knows whom a node trusts with what. Several processes may share what is behind it. Safe for concurrent use.</summary>
public interface ITrustStore
{
    /// <summary>The latest snapshot known here; never blocks. A change by another process shows within half a second. [any]</summary>
    TrustSnapshot Current { get; }

    /// <summary>Each snapshot newer than a version; a slow reader skips to the latest. [any]</summary>
    /// <param name="afterVersion">The version the caller has already, or −1 to get the current one at once.</param>
    /// <param name="cancellationToken">Ends the sequence with <see cref="OperationCanceledException"/>.</param>
    /// <returns>Snapshots with growing versions.</returns>
    IAsyncEnumerable<TrustSnapshot> WatchAsync(long afterVersion, CancellationToken cancellationToken = default);

    /// <summary>Reads, changes and writes as one step: nobody, in no process, changes anything in between. [any]</summary>
    /// <param name="change">Makes the new contents of the present ones; the version it leaves is not looked at. Called once, with the store locked:
    /// short, no I/O, and it does not call the store. Giving back what it got changes nothing; what it throws is thrown here, and nothing is changed.</param>
    /// <param name="cancellationToken">Stops the wait for others; what has begun to be written is written.</param>
    /// <returns>The snapshot after the change, which <see cref="Current"/> has, too.</returns>
    /// <exception cref="TrustException">It cannot be read or written, or somebody else keeps it locked.</exception>
    ValueTask<TrustSnapshot> UpdateAsync(Func<TrustSnapshot, TrustSnapshot> change, CancellationToken cancellationToken = default);
}
