namespace Loophole.Cluster.Trust;

/// <summary>A trust store of this process, for nodes made for the occasion. Nothing of it is kept.</summary>
/// <param name="first">What it starts with; <see langword="null"/> for nobody under the default rules.</param>
public sealed class MemoryTrustStore(TrustSnapshot? first = null) : ITrustStore
{
    private readonly TrustFeed _feed = new(first ?? TrustSnapshot.Empty);
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public TrustSnapshot Current => _feed.Current;

    /// <inheritdoc/>
    public IAsyncEnumerable<TrustSnapshot> WatchAsync(long afterVersion, CancellationToken cancellationToken = default) => _feed.WatchAsync(afterVersion, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<TrustSnapshot> UpdateAsync(Func<TrustSnapshot, TrustSnapshot> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var before = _feed.Current;
            var after = change(before);
            return new ValueTask<TrustSnapshot>(ReferenceEquals(after, before) ? before : _feed.Publish(after with { Version = before.Version + 1 }));
        }
    }
}
