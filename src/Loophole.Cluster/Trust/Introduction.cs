using System.Security.Cryptography;
using Loophole.Cluster.Control;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Telemetry;
using Loophole.Cluster.Transports;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Trust;

/// <summary>The dialling end of a new connection: finds out whether both ends trust each other, and lets them when both know the join key.</summary>
internal sealed class Introduction(NodeTrust trust, NodeFingerprint peer, IClusterConnection connection, PipeControlChannel control, string ownName, ILogger logger, TimeProvider time)
{
    /// <summary>Completes when both ends trust each other, or need not.</summary>
    /// <exception cref="ControlException">One does not; the message says who, and what can be done.</exception>
    /// <exception cref="TrustException">The store cannot be changed.</exception>
    public static async Task MakeAsync(NodeTrust? trust, IClusterConnection connection, PipeControlChannel control, string ownName, ILogger logger, TimeProvider time, CancellationToken cancellationToken)
    {
        switch (connection.Security)
        {
            case TransportSecurity.SameMachine:
                return;
            case TransportSecurity.MutualTls when connection.RemoteFingerprint is { } peer && trust is not null:
                await new Introduction(trust, peer, connection, control, ownName, logger, time).RunAsync(cancellationToken).ConfigureAwait(false);
                return;
            case TransportSecurity.MutualTls:
                throw new ControlException(RefusalCode.NoTrust, "There is no trust store here, so nobody is trusted.");
            default:
                throw new ControlException(RefusalCode.Insecure, $"{connection.RemoteEndPoint} is reached over a connection that others may read; none carries a session.");
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        if (peer == trust.Self)
        {
            throw new ControlException(RefusalCode.Closed, $"{connection.RemoteEndPoint} has this node's own identity.");
        }

        ThrowIfRevoked();
        var answer = await AskAsync<IntroduceAnswer, IntroduceCommand>("introduce", new IntroduceCommand(ownName, trust.TakesKey), cancellationToken).ConfigureAwait(false);
        var isAdmitted = trust.Store.Current.Admits(peer);
        if (isAdmitted && answer.IsAccepted)
        {
            return;
        }

        if (trust.TakesKey && answer.TakesKey)
        {
            await PairAsync(answer.Name, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await WaitAsync(answer, isAdmitted, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task PairAsync(string name, CancellationToken cancellationToken)
    {
        var own = RandomNumberGenerator.GetBytes(PairingProof.NonceLength);
        var begun = await AskAsync<PairNonce, PairNonce>("pairBegin", PairNonce.Of(own), cancellationToken).ConfigureAwait(false);
        var proof = new PairingProof(trust.Self, peer, own, begun.ToBytes());
        var proven = await AskAsync<PairProof, PairProof>("pairProve", PairProof.Of(proof.OfDialler(trust.JoinKey!)), cancellationToken).ConfigureAwait(false);
        if (!PairingProof.AreEqual(proven.ToBytes(), proof.OfAnswerer(trust.JoinKey!)))
        {
            throw new ControlException(RefusalCode.WrongKey, $"{TrustedPeer.CleanName(name)} takes the join key without knowing it.");
        }

        var after = await trust.Store.AddPairedAsync(peer, name, PeerKinds.Of(connection.RemoteEndPoint), time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        ThrowIfRevoked();
        if (!after.Admits(peer))
        {
            throw new ControlException(RefusalCode.Closed, $"{after.Find(peer)!.Name} is in the cloud, and the rules here allow none.");
        }

        ClusterLog.PeerPaired(logger, after.Find(peer)!.Name, peer, connection.RemoteEndPoint);
    }

    /// <summary>Nothing can be done now: whoever does not know the other lets it wait, and both are named.</summary>
    private async Task WaitAsync(IntroduceAnswer answer, bool isAdmitted, CancellationToken cancellationToken)
    {
        var name = TrustedPeer.CleanName(answer.Name);
        var there = answer.IsAccepted ? "" : $"; this node ({trust.Self.Hex[..16]}) waits there until it is accepted";
        if (isAdmitted)
        {
            throw new ControlException(RefusalCode.Pending, $"{name} does not know this node yet{there}.");
        }

        var rules = trust.Store.Current.Rules;
        if (trust.Store.Current.Find(peer) is { State: PeerState.Accepted })
        {
            throw new ControlException(RefusalCode.Closed, $"{name} is in the cloud, and the rules here allow none{there}.");
        }

        if (rules.Join == JoinRule.Nobody)
        {
            throw new ControlException(RefusalCode.Closed, $"{name} is unknown, and the rules here let nobody new join{there}.");
        }

        await trust.Store.AddPendingAsync(peer, name, PeerKinds.Of(connection.RemoteEndPoint), time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        ClusterLog.PeerPending(logger, name, peer, connection.RemoteEndPoint);
        throw new ControlException(RefusalCode.Pending, $"{name} ({peer.Hex[..16]}) is pending here until it is accepted{there}.");
    }

    private void ThrowIfRevoked()
    {
        if (trust.Store.Current.Find(peer) is { State: PeerState.Revoked } known)
        {
            throw new ControlException(RefusalCode.Revoked, $"{known.Name} ({peer.Hex[..16]}) is revoked here.");
        }
    }

    private async Task<TAnswer> AskAsync<TAnswer, TCommand>(string name, TCommand command, CancellationToken cancellationToken) =>
        Payload.Read<TAnswer>(await control.RequestAsync(Party.Signal, "trust", name, ClusterJson.ToElement(command), cancellationToken).ConfigureAwait(false));
}
