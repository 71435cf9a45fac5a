using System.IO.Pipelines;
using Loophole.Cluster.Links;
using Loophole.Cluster.Protocol.Links;
using Loophole.Cluster.Protocol.Telemetry;
using Loophole.Cluster.Protocol.Transports;
using Loophole.Cluster.Transports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Loophole.Cluster.Protocol;

/// <summary>An audio link over any duplex pipe: framing, streams, credits and epochs. See <c>docs/wire-format.md</c>.</summary>
/// <remarks>
/// <para><b>Early credit.</b> A credit of the peer for a stream, or an epoch, that is not open here yet is remembered and holds from
/// <see cref="OpenStream"/> on; the receiver is not told of it. So try to send after opening, before waiting for a credit.</para>
/// <para><b>End.</b> A peer that goes away without having completed counts as <see cref="AudioLinkError.PeerReset"/>.</para>
/// <para><b>Deriving.</b> Hand the pipe to the constructor and override <see cref="OnFailed"/> and <see cref="OnDisposedAsync"/> as needed.</para>
/// </remarks>
public partial class PipeAudioLink : IAudioLink
{
    private readonly IClusterChannel _channel;
    private readonly StreamTable _streams;
    private readonly PipeInput _pipe;
    private readonly LinkInput _input;
    private readonly LinkWaiter _waiter;
    private readonly ILogger _logger;
    private readonly ClosedSignal _closed = new();
    private readonly CancellationTokenRegistration _channelClosed;
    private AudioLinkException? _failure;
    private Task? _disposal;

    /// <summary>Makes a link.</summary>
    /// <param name="pipe">Carries the frames; the link's from now on. An <see cref="IClusterChannel"/>, or any pipe whose ends behave as
    /// those of <see cref="Pipe"/>: a cancelled flush still delivers, a cancelled read loses nothing.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="loggerFactory">Where log events go; <see langword="null"/> for nowhere.</param>
    /// <exception cref="PlatformNotSupportedException">The machine is big-endian.</exception>
    public PipeAudioLink(IDuplexPipe pipe, AudioLinkOptions? options = null, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Samples travel as they lie in memory, which must be little-endian.");
        }

        _channel = pipe as IClusterChannel ?? new PipeClusterChannel(pipe, ChannelPurpose.Audio);
        options ??= new AudioLinkOptions();
        _streams = new StreamTable(options.MaxEarlyCredits);
        _pipe = new PipeInput(_channel.Input);
        _input = _channel.Input is WaitingPipeReader { CanWait: true } waiting ? new NetworkInput(waiting) : _pipe;
        _waiter = new LinkWaiter(_input, options.Wait, TimeProvider.System);
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<PipeAudioLink>();
        _channelClosed = _channel.Closed.UnsafeRegister(static link => ((PipeAudioLink)link!).OnChannelClosed(), this);
    }

    /// <inheritdoc/>
    public CancellationToken Closed => _closed.Token;

    /// <inheritdoc/>
    public AudioLinkException? Failure => Volatile.Read(ref _failure);

    /// <summary>Whether the pipe's reading end is a <see cref="WaitingPipeReader"/> that can wait. See <see cref="IAudioLink.WaitsAtNetwork"/>. [any]</summary>
    public bool WaitsAtNetwork => _input.WaitsAtNetwork;

    /// <inheritdoc/>
    public void OpenStream(AudioStream stream, StreamDirection direction)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(stream.Id);
        ArgumentOutOfRangeException.ThrowIfNegative(stream.Epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(stream.StartFrame);
        ArgumentOutOfRangeException.ThrowIfLessThan(stream.AudioChannels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stream.AudioChannels, AudioFrameHeader.MaxChannels);
        ArgumentOutOfRangeException.ThrowIfLessThan(stream.MaxFramesPerBlock, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stream.MaxFramesPerBlock, AudioFrameHeader.MaxFrames);
        if (!Enum.IsDefined(direction))
        {
            throw new ArgumentOutOfRangeException(nameof(direction), direction, "Not a direction.");
        }

        _streams.Open(stream, direction);
    }

    /// <inheritdoc/>
    public void CloseStream(int streamId) => _streams.Close(streamId);

    /// <inheritdoc/>
    public void Abort(string reason)
    {
        if (!IsDisposed)
        {
            Fail(AudioLinkError.Aborted, $"This side aborted the link: {reason}");
        }
    }

    /// <summary>Ends the link and completes its pipes; the peer still reads what was flushed. Idempotent. [any]</summary>
    /// <returns>Completes when everything rented for the link is back, unless a call is still pending: then with that call.</returns>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        var mine = new TaskCompletionSource();
        var first = Interlocked.CompareExchange(ref _disposal, mine.Task, null);
        return first is null ? EndInOrderAsync(mine) : new ValueTask(first);
    }

    /// <summary>Tells a derived link, once, that it failed or was aborted. Must not throw or block. [any]</summary>
    /// <param name="failure">Why.</param>
    protected virtual void OnFailed(AudioLinkException failure)
    {
    }

    /// <summary>Lets a derived link finish, once, after the pipes were completed by disposal. [any]</summary>
    /// <returns>Completes when it holds nothing more.</returns>
    protected virtual ValueTask OnDisposedAsync() => default;

    private bool IsDisposed => Volatile.Read(ref _disposal) is not null;

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (Failure is { } failure)
        {
            throw failure;
        }
    }

    private AudioLinkException Fail(AudioLinkError error, string message, Exception? cause = null)
    {
        var failure = new AudioLinkException(error, message, cause);
        if (Interlocked.CompareExchange(ref _failure, failure, null) is { } earlier)
        {
            return earlier;
        }

        ProtocolLog.LinkFailed(_logger, message, cause);
        _channel.Abort(message);
        OnFailed(failure);
        _closed.Fire();
        return failure;
    }

    /// <summary>What a call that met a failing pipe throws.</summary>
    private Exception Translate(Exception exception) =>
        IsDisposed ? new ObjectDisposedException(GetType().FullName) :
        exception is TransportException cause ? Fail(ErrorOf(cause), cause.Message, cause) :
        Fail(AudioLinkError.Unknown, "The link's pipe failed.", exception);

    /// <summary>Fails the link because its connection is lost.</summary>
    internal void FailWith(TransportException cause)
    {
        if (!IsDisposed)
        {
            Fail(ErrorOf(cause), cause.Message, cause);
        }
    }

    private void OnChannelClosed()
    {
        if (!IsDisposed)
        {
            var cause = (_channel as PipeClusterChannel)?.Failure;
            Fail(cause is null ? AudioLinkError.Unknown : ErrorOf(cause), cause?.Message ?? "The link's channel was closed.", cause);
        }
    }

    private static AudioLinkError ErrorOf(TransportException cause) => cause.Error switch
    {
        TransportError.PeerReset => AudioLinkError.PeerReset,
        TransportError.Aborted => AudioLinkError.Aborted,
        TransportError.ProtocolViolation => AudioLinkError.ProtocolViolation,
        _ => AudioLinkError.Unknown,
    };

    private async ValueTask EndInOrderAsync(TaskCompletionSource done)
    {
        try
        {
            await _channelClosed.DisposeAsync().ConfigureAwait(false);
            _closed.Fire();
            await _channel.DisposeAsync().ConfigureAwait(false);
            await OnDisposedAsync().ConfigureAwait(false);
        }
        finally
        {
            done.SetResult();
        }
    }
}
