using System.IO.Pipelines;
using System.Net.Quic;
using System.Runtime.Versioning;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Quic.Connections;
using Loophole.Cluster.Quic.Wire;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Quic.Streams;

/// <summary>A channel over one bidirectional stream.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class QuicChannel : PipeClusterChannel
{
    private readonly QuicStream _stream;
    private readonly Ends _ends;
    private readonly QuicSettings _settings;
    private int _isLetGo;

    /// <summary>Makes a channel.</summary>
    /// <param name="stream">The stream, greeted but for <paramref name="answer"/>; the channel's from now on.</param>
    /// <param name="purpose">What it carries.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="answer">What this side says before anything else, or nothing.</param>
    public QuicChannel(QuicStream stream, ChannelPurpose purpose, QuicSettings settings, ReadOnlySpan<byte> answer = default)
        : this(stream, new Ends(stream, purpose, settings, answer), purpose, settings)
    {
    }

    private QuicChannel(QuicStream stream, Ends ends, ChannelPurpose purpose, QuicSettings settings)
        : base(ends, purpose)
    {
        _stream = stream;
        _ends = ends;
        _settings = settings;
        Sent = stream.WritesClosed;
    }

    /// <summary>What disposal waits for at last, no longer than the close timeout. Set before anybody can dispose the channel.</summary>
    public Func<Task>? OnDisposed { get; init; }

    /// <summary>Whether it ended otherwise than by disposal. [any]</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Completes when the peer has all that was written and the end of it, or fails when it never will. [any]</summary>
    public Task Sent { get; }

    /// <summary>Starts to send the answer and to watch the peer. [once]</summary>
    public void Start()
    {
        _ends.Writer.Start();
        _ = WatchAsync(_stream.ReadsClosed, isOfReading: true);
        _ = WatchAsync(_stream.WritesClosed, isOfReading: false);
    }

    /// <summary>Gives up a channel that was never started. Not failed and not disposed, either of which would end the stream without saying why:
    /// only the memory goes back, and the stream is the caller's again.</summary>
    public void Discard() => _ends.Writer.Discard();

    protected override void OnFailed(TransportException cause)
    {
        HasFailed = true;
        QuicStreams.Abort(_stream, QuicAbortDirection.Both, CloseCode.Aborted);
        _ = LetGoAsync();
    }

    protected override async ValueTask OnDisposedAsync()
    {
        using var deadline = new CancellationTokenSource(_settings.Options.CloseTimeout, _settings.Time);
        await _ends.Writer.Drained.WaitAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_ends.Writer.Drained.IsCompleted)
        {
            QuicStreams.Abort(_stream, QuicAbortDirection.Write, CloseCode.Aborted);
        }

        if (OnDisposed is not null)
        {
            await OnDisposed().WaitAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // The rest is the peer's doing, or the end of the connection's.
        _ = LetGoAsync();
    }

    /// <summary>Sees an end that nobody here reads or writes into.</summary>
    private async Task WatchAsync(Task closed, bool isOfReading)
    {
        try
        {
            await closed.ConfigureAwait(false);
        }
        catch (QuicException exception) when (exception.QuicError == QuicError.OperationAborted || (!isOfReading && QuicErrors.IsEndOfReading(exception)))
        {
            // This side ended it, or the peer reads no more: what is on the way to here still comes.
        }
        catch (Exception exception)
        {
            Fail(QuicErrors.OfChannel(exception));
        }
    }

    private async Task LetGoAsync()
    {
        if (Interlocked.Exchange(ref _isLetGo, 1) == 0)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The two sides of the stream.</summary>
    private sealed class Ends : IDuplexPipe
    {
        private const int SmallSegment = 4 * 1024;
        private const int LargeSegment = 64 * 1024;

        public Ends(QuicStream stream, ChannelPurpose purpose, QuicSettings settings, ReadOnlySpan<byte> answer)
        {
            var segmentSize = purpose == ChannelPurpose.Audio || QuicSettings.IsBulk(purpose) ? LargeSegment : SmallSegment;
            Reader = new QuicPipeReader(stream, settings.Pool, segmentSize);
            Writer = new QuicPipeWriter(stream, settings.Pool, segmentSize, answer);
        }

        public QuicPipeReader Reader { get; }

        public QuicPipeWriter Writer { get; }

        PipeReader IDuplexPipe.Input => Reader;

        PipeWriter IDuplexPipe.Output => Writer;
    }
}
