using System.Diagnostics.Metrics;
using Loophole.Cluster.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Loophole.Cluster.Transports;

/// <summary>The transports of a process as one: listens and dials by the scheme of an endpoint, knows where this process listens, and chooses among
/// the endpoints of a peer. Safe for concurrent use.</summary>
/// <remarks><b>Metrics.</b> Meter <c>Loophole.Cluster</c>, counter <c>loophole.transport.connections</c>: connections made, by
/// <c>transport</c> (the scheme) and <c>direction</c> (<c>out</c>, <c>in</c>).</remarks>
public sealed class TransportSet : IClusterTransport
{
    private readonly IReadOnlyList<IClusterTransport> _transports;
    private readonly TransportChoice _choice;
    private readonly ILogger _logger;
    private readonly Meter? _ownMeter;
    private readonly Counter<long> _connections;
    private readonly Lock _gate = new();
    private readonly List<Uri> _endPoints = [];

    /// <summary>Makes a set.</summary>
    /// <param name="transports">At least one, each of another scheme; the set's from now on.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="loggerFactory">Where log events go; <see langword="null"/> for nowhere.</param>
    /// <param name="meterFactory">Makes the meter; <see langword="null"/> for one of the set's own.</param>
    /// <exception cref="ArgumentException">There is no transport, or two of one scheme.</exception>
    public TransportSet(
        IReadOnlyList<IClusterTransport> transports, TransportSetOptions? options = null, ILoggerFactory? loggerFactory = null, IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(transports);
        if (transports.Count == 0 || transports.DistinctBy(t => t.Scheme).Count() != transports.Count)
        {
            throw new ArgumentException("At least one transport, each of another scheme.", nameof(transports));
        }

        options ??= new TransportSetOptions();
        _choice = options.Choice;
        _transports = [.. transports.OrderBy(t => RankOf(t.Scheme, options.Preference))];
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<TransportSet>();
        var meter = ClusterMeter.Make(meterFactory, out _ownMeter);
        _connections = meter.CreateCounter<long>("loophole.transport.connections", "{connection}", "Connections made.");
    }

    /// <summary>The scheme dialled first. [any]</summary>
    public string Scheme => Allowed().FirstOrDefault()?.Scheme ?? ForcedScheme!;

    /// <summary>The least of what its transports guarantee. [any]</summary>
    public TransportSecurity Security => _transports.Min(t => t.Security);

    /// <summary>The schemes of its transports, those preferred first, whatever is chosen; at least one. [any]</summary>
    public IReadOnlyList<string> Schemes => [.. _transports.Select(t => t.Scheme)];

    /// <summary>Where this process listens, in the order in which it would dial: what it tells its peers. [any]</summary>
    public IReadOnlyList<Uri> EndPoints
    {
        get
        {
            lock (_gate)
            {
                return [.. _transports.SelectMany(t => _endPoints.Where(e => e.Scheme == t.Scheme))];
            }
        }
    }

    private string? ForcedScheme => _choice switch
    {
        TransportChoice.Tcp => "tcp",
        TransportChoice.Quic => "quic",
        _ => null,
    };

    /// <inheritdoc/>
    public async ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default)
    {
        var transport = TransportOf(local);
        var listener = new TransportSetListener(
            await transport.ListenAsync(local, cancellationToken).ConfigureAwait(false), OnAccepted, OnClosed);
        lock (_gate)
        {
            _endPoints.Add(listener.LocalEndPoint);
        }

        return listener;
    }

    /// <inheritdoc/>
    public async ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default)
    {
        var transport = TransportOf(remote);
        if (ForcedScheme is { } forced && forced != transport.Scheme)
        {
            throw new TransportException(TransportError.BadEndPoint, $"{remote} is not dialled: only {forced} is chosen.");
        }

        return await DialAsync(transport, remote, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Connects to a peer by the best endpoint, see <see cref="Choose"/>; when nobody answers there, by the next best. [any]</summary>
    /// <remarks>Where nobody answers by the one transport that is chosen, the peer is asked by the others that this side has, only to say whether it
    /// lacks the one or is not there at all.</remarks>
    /// <param name="remotes">The endpoints that the peer offers, or may offer.</param>
    /// <param name="cancellationToken">Stops the attempt and leaves nothing half open.</param>
    /// <returns>A connection; the caller disposes it.</returns>
    /// <exception cref="TransportException"><see cref="TransportError.NoCommonTransport"/>: one side lacks what is needed;
    /// <see cref="TransportError.Unreachable"/>: nobody answers at any endpoint; otherwise that of the attempt.</exception>
    public async ValueTask<IClusterConnection> ConnectAsync(IReadOnlyList<Uri> remotes, CancellationToken cancellationToken = default)
    {
        var candidates = Order(remotes);
        var failures = new List<TransportException>();
        foreach (var (i, candidate) in candidates.Index())
        {
            try
            {
                return await DialAsync(TransportOf(candidate), candidate, cancellationToken).ConfigureAwait(false);
            }
            catch (TransportException exception) when (exception.Error == TransportError.Unreachable)
            {
                failures.Add(exception);
                if (i + 1 < candidates.Count)
                {
                    ClusterLog.TransportUnreachable(_logger, candidate, candidates[i + 1], exception.Message);
                }
            }
        }

        throw await ExplainAsync(remotes, failures, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Chooses the endpoint to dial: of the schemes that both sides have, the one chosen, or the most preferred. [any]</summary>
    /// <param name="remotes">The endpoints that the peer offers.</param>
    /// <returns>One of them; of several with the same scheme, the first.</returns>
    /// <exception cref="TransportException"><see cref="TransportError.NoCommonTransport"/>: one side lacks what is needed; the message says which.</exception>
    public Uri Choose(IReadOnlyList<Uri> remotes) => Order(remotes)[0];

    /// <summary>Disposes the transports, with their listeners. Connections are their callers' to dispose.</summary>
    /// <returns>Completes when no port is bound any more.</returns>
    public async ValueTask DisposeAsync()
    {
        foreach (var transport in _transports)
        {
            await transport.DisposeAsync().ConfigureAwait(false);
        }

        _ownMeter?.Dispose();
    }

    private static int RankOf(string scheme, IReadOnlyList<string> preference)
    {
        var rank = preference.ToList().IndexOf(scheme);
        return rank < 0 ? preference.Count : rank;
    }

    private static string Names(IEnumerable<string> schemes) => string.Join(", ", schemes.Distinct(StringComparer.Ordinal));

    private IEnumerable<IClusterTransport> Allowed() => _transports.Where(t => ForcedScheme is null || t.Scheme == ForcedScheme);

    private List<Uri> Order(IReadOnlyList<Uri> remotes)
    {
        ArgumentNullException.ThrowIfNull(remotes);
        var allowed = Allowed().ToList();
        List<Uri> candidates = [.. allowed.SelectMany(t => remotes.Where(r => r.Scheme == t.Scheme))];
        if (candidates.Count == 0)
        {
            var (here, there) = (Names(Schemes), remotes.Count == 0 ? "nothing" : Names(remotes.Select(r => r.Scheme)));
            throw new TransportException(TransportError.NoCommonTransport, (ForcedScheme, allowed.Count) switch
            {
                (null, _) => $"This side has {here}, the peer offers {there}: let both have one in common.",
                (_, 0) => $"Only {ForcedScheme} is chosen, but this side has {here}: choose that, or auto.",
                _ => $"Only {ForcedScheme} is chosen, but the peer offers {there}: let it offer {ForcedScheme}, or choose auto.",
            });
        }

        return candidates;
    }

    /// <summary>Why a peer was not reached.</summary>
    private async ValueTask<TransportException> ExplainAsync(IReadOnlyList<Uri> remotes, List<TransportException> failures, CancellationToken cancellationToken)
    {
        var reasons = string.Join(' ', failures.Select(failure => failure.Message));
        var others = remotes.Where(remote => ForcedScheme is not null && remote.Scheme != ForcedScheme && Has(remote.Scheme));
        foreach (var other in others)
        {
            if (await AnswersAsync(other, cancellationToken).ConfigureAwait(false))
            {
                return new TransportException(
                    TransportError.NoCommonTransport,
                    $"Only {ForcedScheme} is chosen, but the peer answers by {other.Scheme} ({other}): let it offer {ForcedScheme}, or choose auto. {reasons}",
                    failures[^1]);
            }
        }

        var lacking = remotes.Where(remote => !Has(remote.Scheme)).ToList();
        return failures.Count == 1 && lacking.Count == 0
            ? failures[0]
            : new TransportException(
                TransportError.Unreachable,
                lacking.Count == 0 ? reasons : $"{reasons} Not tried: {string.Join(", ", lacking)}; this side has {Names(Schemes)}.",
                failures[^1]);
    }

    private async ValueTask<bool> AnswersAsync(Uri remote, CancellationToken cancellationToken)
    {
        ClusterLog.TransportAsked(_logger, remote, _choice);
        try
        {
            var connection = await TransportOf(remote).ConnectAsync(remote, cancellationToken).ConfigureAwait(false);
            connection.Abort("It was only asked whether somebody answers.");
            await connection.DisposeAsync().ConfigureAwait(false);
            return true;
        }
        catch (TransportException)
        {
            // Nobody there either, or nobody of ours.
            return false;
        }
    }

    private bool Has(string scheme) => _transports.Any(t => t.Scheme == scheme);

    private IClusterTransport TransportOf(Uri endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return _transports.FirstOrDefault(t => endPoint.IsAbsoluteUri && t.Scheme == endPoint.Scheme)
            ?? throw new TransportException(TransportError.BadEndPoint, $"{endPoint}: this side has {Names(Schemes)}.");
    }

    private async ValueTask<IClusterConnection> DialAsync(IClusterTransport transport, Uri remote, CancellationToken cancellationToken)
    {
        ClusterLog.TransportChosen(_logger, transport.Scheme, remote, _choice, Names(Schemes));
        var connection = await transport.ConnectAsync(remote, cancellationToken).ConfigureAwait(false);
        Count(transport.Scheme, "out");
        return connection;
    }

    private void OnAccepted(Uri local) => Count(local.Scheme, "in");

    private void OnClosed(Uri local)
    {
        lock (_gate)
        {
            _endPoints.Remove(local);
        }
    }

    private void Count(string scheme, string direction) => _connections.Add(1, new("transport", scheme), new("direction", direction));
}
