using System.Text.Json;
using Loophole.Cluster.Control;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Telemetry;
using Loophole.Cluster.Transports;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Trust;

/// <summary>The listening end of one connection as long as nobody is admitted there: lets a peer introduce itself and prove the join key, and judges it.</summary>
internal sealed class PeerGate
{
    private readonly NodeTrust? _trust;
    private readonly IClusterConnection _connection;
    private readonly string _ownName;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly PairingAnswerer? _pairing;
    private string? _peerName;

    public PeerGate(NodeTrust? trust, IClusterConnection connection, string ownName, ILogger logger, TimeProvider time)
    {
        (_trust, _connection, _ownName, _logger, _time) = (trust, connection, ownName, logger, time);
        _pairing = trust is not null && connection.RemoteFingerprint is { } peer ? new PairingAnswerer(trust.Self, peer) : null;
    }

    private PeerKind Kind => PeerKinds.Of(_connection.RemoteEndPoint);

    /// <summary>Carries out a command of the domain <c>trust</c>. [control]</summary>
    /// <exception cref="ControlException">Refused, by name.</exception>
    public async Task<JsonElement> HandleAsync(Envelope command, CancellationToken cancellationToken)
    {
        try
        {
            return command.Name switch
            {
                "introduce" => ClusterJson.ToElement(await IntroduceAsync(Payload.Read<IntroduceCommand>(command), cancellationToken).ConfigureAwait(false)),
                "pairBegin" => ClusterJson.ToElement(Pairing().Begin(Payload.Read<PairNonce>(command))),
                "pairProve" => ClusterJson.ToElement(await ProveAsync(Payload.Read<PairProof>(command), cancellationToken).ConfigureAwait(false)),
                _ => throw new ControlException("unknownName", $"A Signal knows no trust.{command.Name}."),
            };
        }
        catch (ControlException refusal)
        {
            ClusterLog.PeerRefused(_logger, _connection.RemoteEndPoint, refusal.Message);
            throw;
        }
    }

    /// <summary>Lets through a Pulse that is trusted, or on this machine. [control]</summary>
    /// <exception cref="ControlException">It is neither.</exception>
    public void CheckPulse()
    {
        if (Known() is { } peer && !_trust!.Store.Current.Admits(peer))
        {
            throw Refusal(peer) ?? new ControlException(RefusalCode.Unpaired, $"{_ownName} does not know this Pulse: trust.introduce comes first.");
        }
    }

    /// <summary>Lets through a host, whom its token vouches for, unless it is revoked. [control]</summary>
    /// <exception cref="ControlException">It is.</exception>
    public void CheckHost()
    {
        if (Known() is { } peer && _trust!.Store.Current.Find(peer) is { State: PeerState.Revoked })
        {
            throw Refusal(peer)!;
        }
    }

    private async Task<IntroduceAnswer> IntroduceAsync(IntroduceCommand command, CancellationToken cancellationToken)
    {
        var peer = Peer();
        _peerName = command.Name;
        var store = _trust!.Store;
        if (store.Current.Admits(peer))
        {
            return new IntroduceAnswer(_ownName, true, _trust.TakesKey);
        }

        // Whoever waits is not turned away: both ends are to know of each other, and it may have a key by now.
        if (Refusal(peer) is { } refusal && refusal.Code != RefusalCode.Pending)
        {
            throw refusal;
        }

        if (!(command.HasKey && _trust.TakesKey))
        {
            await RememberAsync(peer, cancellationToken).ConfigureAwait(false);
            ClusterLog.PeerPending(_logger, TrustedPeer.CleanName(command.Name), peer, _connection.RemoteEndPoint);
        }

        return new IntroduceAnswer(_ownName, false, _trust.TakesKey);
    }

    private async Task RememberAsync(NodeFingerprint peer, CancellationToken cancellationToken)
    {
        try
        {
            await _trust!.Store.AddPendingAsync(peer, _peerName, Kind, _time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        }
        catch (TrustException full) when (full.Error == TrustError.TooManyPending)
        {
            throw new ControlException(RefusalCode.PendingFull, $"Too many unknown nodes wait at {_ownName} already.", innerException: full);
        }
    }

    private async Task<PairProof> ProveAsync(PairProof proof, CancellationToken cancellationToken)
    {
        var peer = Peer();
        PairProof answer;
        try
        {
            answer = Pairing().Prove(proof, _trust!.JoinKey!);
        }
        catch (ControlException) when (_pairing!.IsExhausted)
        {
            // The refusal of this attempt still goes out; there will be no other.
            ClusterLog.PairingExhausted(_logger, _connection.RemoteEndPoint, PairingAnswerer.MaxAttempts);
            throw;
        }

        if (Refusal(peer) is { } refusal && refusal.Code != RefusalCode.Pending)
        {
            throw refusal;
        }

        var after = await _trust.Store.AddPairedAsync(peer, _peerName, Kind, _time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        if (!after.Admits(peer))
        {
            throw Refusal(peer) ?? new ControlException(RefusalCode.Unpaired, $"{_ownName} no longer takes new nodes.");
        }

        ClusterLog.PeerPaired(_logger, after.Find(peer)!.Name, peer, _connection.RemoteEndPoint);
        return answer;
    }

    private PairingAnswerer Pairing()
    {
        Peer();
        return _trust!.TakesKey ? _pairing! : throw new ControlException(RefusalCode.NoTrust, $"{_ownName} takes no join key.");
    }

    private NodeFingerprint Peer() => Known() ?? throw new ControlException(RefusalCode.NoTrust, "Nobody needs to say who it is on one machine.");

    /// <summary>Who the peer is; <see langword="null"/> where nobody needs to be anybody.</summary>
    private NodeFingerprint? Known() => _connection.Security switch
    {
        TransportSecurity.SameMachine => null,
        TransportSecurity.MutualTls when _connection.RemoteFingerprint is { } peer => _trust is not null ? peer : throw new ControlException(RefusalCode.NoTrust, $"{_ownName} has no trust store, so it trusts nobody."),
        _ => throw new ControlException(RefusalCode.Insecure, $"{_ownName} works only over encrypted connections, or on one machine."),
    };

    /// <summary>Why a peer that is not admitted is not; <see langword="null"/> when it is unknown and may become known.</summary>
    private ControlException? Refusal(NodeFingerprint peer)
    {
        var (rules, known) = (_trust!.Store.Current.Rules, _trust.Store.Current.Find(peer));
        return known switch
        {
            { State: PeerState.Revoked } => new ControlException(RefusalCode.Revoked, $"{_ownName} has revoked this node."),
            { State: PeerState.Accepted } => new ControlException(RefusalCode.Closed, $"{_ownName} works with nobody in the cloud, and this node is accepted as one there."),
            _ when rules.Join == JoinRule.Nobody => new ControlException(RefusalCode.Closed, $"{_ownName} takes no new nodes."),
            null => null,
            _ => new ControlException(RefusalCode.Pending, $"This node waits at {_ownName} until it is accepted there."),
        };
    }
}
