using System.Collections.Concurrent;
using System.Net.Quic;
using System.Runtime.Versioning;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Quic.Streams;
using Loophole.Cluster.Quic.Telemetry;
using Loophole.Cluster.Quic.Wire;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Quic.Connections;

/// <summary>One peer: a QUIC connection, and a second one for bulk. Both ends are alike but for who made them.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed partial class QuicPeerConnection : PipeClusterConnection
{
    private readonly QuicSettings _settings;
    private readonly QuicChannel _control;
    private readonly QuicConnection _main;
    private readonly TaskCompletionSource<QuicConnection> _bulk = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<Task, bool> _unsent;
    private readonly Action<QuicPeerConnection>? _onClosed;

    /// <summary>Makes a connection.</summary>
    /// <param name="main">The QUIC connection; this object's from now on.</param>
    /// <param name="control">Its first stream, greeted but for the answer; likewise.</param>
    /// <param name="secret">By which the second connection is known to belong here.</param>
    /// <param name="isAnswered">Whether this side dialled; if not, the secret is still to be told.</param>
    /// <param name="remote">The peer's endpoint.</param>
    /// <param name="fingerprint">The peer.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="onClosed">Called once, when nothing more is opened.</param>
    public QuicPeerConnection(
        QuicConnection main,
        QuicStream control,
        Guid secret,
        bool isAnswered,
        Uri remote,
        NodeFingerprint fingerprint,
        QuicSettings settings,
        Action<QuicPeerConnection>? onClosed = null)
        : this(main, NewControl(control, secret, isAnswered, settings), secret, remote, fingerprint, settings, onClosed)
    {
    }

    private QuicPeerConnection(
        QuicConnection main,
        (QuicChannel Channel, ConcurrentDictionary<Task, bool> Unsent) control,
        Guid secret,
        Uri remote,
        NodeFingerprint fingerprint,
        QuicSettings settings,
        Action<QuicPeerConnection>? onClosed)
        : base(control.Channel, remote, TransportSecurity.MutualTls, fingerprint, settings.Options.AudioLinks, settings.LoggerFactory)
    {
        _main = main;
        (_control, _unsent) = control;
        Secret = secret;
        _settings = settings;
        _onClosed = onClosed;
    }

    public Guid Secret { get; }

    /// <summary>Starts to accept what the peer opens. [once]</summary>
    public void Start()
    {
        _control.Start();
        _ = AcceptAllAsync(_main);
    }

    /// <summary>Gives up a connection that was never started; its network side is the caller's again.</summary>
    public void Discard() => _control.Discard();

    /// <summary>Takes the second connection.</summary>
    /// <returns><see langword="false"/> when there is one already, or this one is closed; then it is still the caller's.</returns>
    public bool TrySetBulk(QuicConnection bulk)
    {
        if (Closed.IsCancellationRequested || !_bulk.TrySetResult(bulk))
        {
            return false;
        }

        _ = AcceptAllAsync(bulk);
        return true;
    }

    protected override async ValueTask<PipeClusterChannel> OpenPipeAsync(ChannelPurpose purpose, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(_settings.Options.ConnectTimeout, _settings.Time, cancellationToken);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, Closed);
        try
        {
            var connection = QuicSettings.IsBulk(purpose) ? await _bulk.Task.WaitAsync(either.Token).ConfigureAwait(false) : _main;
            var (stream, _) = await Greeting.OpenAsync(connection, new Hello((byte)purpose), either.Token).ConfigureAwait(false);
            var channel = NewChannel(stream, purpose);
            channel.Start();
            return channel;
        }
        catch (OperationCanceledException canceled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Closed.IsCancellationRequested
                ? new TransportException(TransportError.PeerReset, $"The connection with {RemoteEndPoint} ended.", canceled)
                : new TransportException(TransportError.Unreachable, $"{RemoteEndPoint} did not take a {purpose} channel in {_settings.Options.ConnectTimeout}.", canceled);
        }
    }

    private static (QuicChannel Channel, ConcurrentDictionary<Task, bool> Unsent) NewControl(
        QuicStream stream, Guid secret, bool isAnswered, QuicSettings settings)
    {
        var unsent = new ConcurrentDictionary<Task, bool>();
        var answer = isAnswered ? [] : new Hello((byte)ChannelPurpose.Control, secret).ToArray();
        var channel = new QuicChannel(stream, ChannelPurpose.Control, settings, answer) { OnDisposed = () => Task.WhenAll(unsent.Keys) };
        Track(unsent, channel);
        return (channel, unsent);
    }

    private static void Track(ConcurrentDictionary<Task, bool> unsent, QuicChannel channel)
    {
        unsent[channel.Sent] = true;
        channel.Sent.ContinueWith(
            static (sent, all) => ((ConcurrentDictionary<Task, bool>)all!).TryRemove(sent, out _),
            unsent,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private QuicChannel NewChannel(QuicStream stream, ChannelPurpose purpose, ReadOnlySpan<byte> answer = default)
    {
        var channel = new QuicChannel(stream, purpose, _settings, answer);
        Track(_unsent, channel);
        return channel;
    }

    private async Task AcceptAllAsync(QuicConnection connection)
    {
        try
        {
            while (true)
            {
                var stream = await connection.AcceptInboundStreamAsync().ConfigureAwait(false);
                if (stream.Type == QuicStreamType.Unidirectional)
                {
                    OnGoodbye();
                    await stream.DisposeAsync().ConfigureAwait(false);
                }
                else
                {
                    _ = GreetAsync(connection, stream);
                }
            }
        }
        catch (Exception exception) when (QuicErrors.IsOfQuic(exception))
        {
            _peerIsDone.TrySetResult();
            if (Volatile.Read(ref _isClosing) == 0)
            {
                OnLost(QuicErrors.OfChannel(exception));
            }
        }
    }

    private async Task GreetAsync(QuicConnection connection, QuicStream stream)
    {
        var refusal = CloseCode.NoHello;
        try
        {
            using var deadline = new Deadline(_settings.Options.HelloTimeout, _settings.Time, Closed);
            var (hello, fault) = await Greeting.ReadAsync(stream, deadline.Token).ConfigureAwait(false);
            refusal = fault != CloseCode.Done ? fault
                : hello.Secret != Guid.Empty || !Enum.IsDefined((ChannelPurpose)hello.Purpose) || hello.Purpose == (byte)ChannelPurpose.Control
                    || QuicSettings.IsBulk((ChannelPurpose)hello.Purpose) != (connection != _main) ? CloseCode.BadHello
                : TryAccept(stream, (ChannelPurpose)hello.Purpose) ? CloseCode.Done
                : CloseCode.Busy;
        }
        catch (Exception exception) when (QuicErrors.IsOfQuic(exception) || exception is OperationCanceledException)
        {
            // Said already.
        }

        if (refusal != CloseCode.Done)
        {
            QuicLog.StreamTurnedAway(_settings.Logger, RemoteEndPoint, refusal.ToString());
            await QuicStreams.DropAsync(stream, refusal).ConfigureAwait(false);
        }
    }

    private bool TryAccept(QuicStream stream, ChannelPurpose purpose)
    {
        // The answer goes first even if somebody writes before it is started.
        var channel = NewChannel(stream, purpose, new Hello((byte)purpose).ToArray());
        if (TryAccept(channel))
        {
            channel.Start();
            return true;
        }

        channel.Discard();
        return false;
    }
}
