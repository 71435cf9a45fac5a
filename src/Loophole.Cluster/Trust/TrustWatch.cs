namespace Loophole.Cluster.Trust;

/// <summary>Waits until a peer may no longer do what it does.</summary>
internal static class TrustWatch
{
    /// <summary>Completes when the store no longer admits the peer.</summary>
    /// <returns>Why, for people.</returns>
    /// <exception cref="OperationCanceledException">The token fired before.</exception>
    public static Task<string> UntilRefusedAsync(ITrustStore store, NodeFingerprint peer, CancellationToken cancellationToken) =>
        UntilAsync(store, peer, snapshot => !snapshot.Admits(peer), cancellationToken);

    /// <summary>Completes when the peer is revoked; one that is not known is left alone, because somebody else vouched for it.</summary>
    /// <returns>Why, for people.</returns>
    /// <exception cref="OperationCanceledException">The token fired before.</exception>
    public static Task<string> UntilRevokedAsync(ITrustStore store, NodeFingerprint peer, CancellationToken cancellationToken) =>
        UntilAsync(store, peer, snapshot => snapshot.Find(peer) is { State: PeerState.Revoked }, cancellationToken);

    private static async Task<string> UntilAsync(ITrustStore store, NodeFingerprint peer, Func<TrustSnapshot, bool> isOver, CancellationToken cancellationToken)
    {
        await foreach (var snapshot in store.WatchAsync(-1, cancellationToken).ConfigureAwait(false))
        {
            if (isOver(snapshot))
            {
                return Reason(snapshot, peer);
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }

    private static string Reason(TrustSnapshot snapshot, NodeFingerprint peer) => snapshot.Find(peer) switch
    {
        { State: PeerState.Revoked } known => $"{known.Name} was revoked",
        { State: PeerState.Accepted } known => $"{known.Name} is in the cloud, which the rules do not allow any more",
        { } known => $"{known.Name} is not accepted any more",
        null => "it is not known any more",
    };
}
