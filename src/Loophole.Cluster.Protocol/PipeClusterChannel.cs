using System.IO.Pipelines;
using Loophole.Cluster.Protocol.Transports;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Protocol;

/// <summary>A channel over any duplex pipe. What a transport derives its channels from: it adds the purpose, one place where the
/// channel ends, and errors as <see cref="TransportException"/>.</summary>
/// <remarks>
/// <para><b>Ownership.</b> The channel owns both pipe ends given and completes them: in good order when disposed, with a
/// <see cref="TransportError.PeerReset"/> when it fails. An end that another thread is using is completed when that thread lets go of
/// its buffer, so ending a channel never pulls memory away from a reader or writer.</para>
/// <para><b>Pipes.</b> They behave as those of <see cref="Pipe"/>: a cancelled flush still delivers, a cancelled read loses nothing.</para>
/// </remarks>
public class PipeClusterChannel : IClusterChannel
{
    private static readonly TransportException Disposed = new(TransportError.Aborted, "The channel is disposed.");

    private readonly GuardedPipeReader _input;
    private readonly GuardedPipeWriter _output;
    private readonly ClosedSignal _closed = new();
    private TransportException? _failure;
    private Task? _disposal;

    /// <summary>Makes a channel.</summary>
    /// <param name="pipe">The two ends this side reads from and writes to; the channel's from now on.</param>
    /// <param name="purpose">What it carries.</param>
    public PipeClusterChannel(IDuplexPipe pipe, ChannelPurpose purpose)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        Purpose = purpose;
        _input = new GuardedPipeReader(this, pipe.Input);
        _output = new GuardedPipeWriter(this, pipe.Output);
    }

    /// <inheritdoc/>
    public ChannelPurpose Purpose { get; }

    /// <inheritdoc/>
    public PipeReader Input => _input;

    /// <inheritdoc/>
    public PipeWriter Output => _output;

    /// <inheritdoc/>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Why the channel ended, disposal included; <see langword="null"/> as long as it has not. [any]</summary>
    public TransportException? Failure => Volatile.Read(ref _failure);

    /// <inheritdoc/>
    public void Abort(string reason) => Fail(new TransportException(TransportError.Aborted, $"This side aborted the channel: {reason}"));

    /// <summary>Completes both pipes: the peer still reads what was written. Idempotent. [any]</summary>
    /// <returns>Completes when the transport has let go of everything rented for the channel.</returns>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        var mine = new TaskCompletionSource();
        var first = Interlocked.CompareExchange(ref _disposal, mine.Task, null);
        return first is null ? EndInOrderAsync(mine) : new ValueTask(first);
    }

    /// <summary>Ends the channel for a cause the transport found. Only the first cause counts; never throws. [any]</summary>
    /// <param name="cause">What reads and writes throw from now on.</param>
    protected internal void Fail(TransportException cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        if (Interlocked.CompareExchange(ref _failure, cause, null) is not null)
        {
            return;
        }

        OnFailed(cause);
        var reset = new TransportException(TransportError.PeerReset, "The peer aborted the channel.");
        _output.End(reset);
        _input.End(reset);
        _closed.Fire();
    }

    /// <summary>Tells the transport, once, that the channel failed: drop the network's side of it now. Must not throw or block. [any]</summary>
    /// <param name="cause">Why.</param>
    protected virtual void OnFailed(TransportException cause)
    {
    }

    /// <summary>Lets the transport finish, once, after both pipes were completed by disposal. [any]</summary>
    /// <returns>Completes when the transport holds nothing more.</returns>
    protected virtual ValueTask OnDisposedAsync() => default;

    /// <summary>Whether it was disposed without having failed before.</summary>
    internal bool HasEndedInOrder => Failure == Disposed;

    /// <summary>Turns what a pipe threw into the channel's own error, and ends the channel with it.</summary>
    internal Exception Translate(Exception exception)
    {
        if (Failure is { } failure)
        {
            return failure;
        }

        if (exception is not IOException)
        {
            // A wrong call, not a lost channel.
            return exception;
        }

        Fail(exception as TransportException ?? new TransportException(TransportError.Unknown, "The channel's pipe failed.", exception));
        return Failure!;
    }

    private async ValueTask EndInOrderAsync(TaskCompletionSource done)
    {
        try
        {
            Interlocked.CompareExchange(ref _failure, Disposed, null);
            _output.End(null);
            _input.End(null);
            _closed.Fire();
            await OnDisposedAsync().ConfigureAwait(false);
        }
        finally
        {
            done.SetResult();
        }
    }
}
