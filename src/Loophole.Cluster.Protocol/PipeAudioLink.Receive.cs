using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Loophole.Cluster.Links;
using Loophole.Cluster.Protocol.Links;

namespace Loophole.Cluster.Protocol;

public partial class PipeAudioLink
{
    private long _receivedHorizon;
    private long _droppedBlocks;
    private long _droppedCredits;
    private bool _hasPeerEnded;
    private int _isReceiving;

    /// <summary>Blocks dropped because their stream is closed or has a newer epoch. [any]</summary>
    public long DroppedBlocks => Interlocked.Read(ref _droppedBlocks);

    /// <summary>Credits not told to the receiver: their stream is closed, has a newer epoch, or is not open yet. [any]</summary>
    public long DroppedCredits => Interlocked.Read(ref _droppedCredits);

    /// <inheritdoc/>
    public ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default)
    {
        BeginReceive(receiver);
        return ReceiveCoreAsync(receiver, cancellationToken);
    }

    /// <inheritdoc/>
    public bool Receive(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default)
    {
        BeginReceive(receiver);
        try
        {
            while (!_hasPeerEnded)
            {
                if (HandOver(Read(cancellationToken), receiver))
                {
                    return true;
                }
            }

            return false;
        }
        finally
        {
            Volatile.Write(ref _isReceiving, 0);
        }
    }

    private void BeginReceive(IAudioLinkReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        ThrowIfUnusable();
        if (Interlocked.Exchange(ref _isReceiving, 1) != 0)
        {
            throw new InvalidOperationException("A receive is pending.");
        }
    }

    private ReadResult Read(CancellationToken cancellationToken)
    {
        try
        {
            return _waiter.Read(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            throw Translate(exception);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReceiveCoreAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken)
    {
        try
        {
            while (!_hasPeerEnded)
            {
                var result = await ReadAsync(cancellationToken).ConfigureAwait(false);
                if (HandOver(result, receiver))
                {
                    return true;
                }
            }

            return false;
        }
        finally
        {
            Volatile.Write(ref _isReceiving, 0);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _channel.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            throw Translate(exception);
        }
    }

    /// <summary>Parses every complete frame in place and lets go of it.</summary>
    /// <returns>Whether the receiver was called.</returns>
    private bool HandOver(in ReadResult result, IAudioLinkReceiver receiver)
    {
        var frames = new FrameReader(result.Buffer);
        var isAnythingTaken = false;
        string? violation = null;
        try
        {
            while (TryTakeFrame(ref frames, receiver, ref isAnythingTaken, out violation))
            {
            }
        }
        catch
        {
            // The receiver broke its own contract; what it has not seen would be lost silently.
            Abort("The receiver threw.");
            throw;
        }
        finally
        {
            _channel.Input.AdvanceTo(frames.Position, result.Buffer.End);
        }

        if (violation is not null)
        {
            throw Fail(AudioLinkError.ProtocolViolation, $"Invalid audio frame: {violation}.");
        }

        if (result.IsCompleted && !_hasPeerEnded)
        {
            throw Fail(AudioLinkError.PeerReset, frames.Remaining == 0 ? "The peer went away." : "The peer went away in the middle of a frame.");
        }

        return isAnythingTaken;
    }

    private bool TryTakeFrame(ref FrameReader frames, IAudioLinkReceiver receiver, ref bool isAnythingTaken, out string? violation)
    {
        violation = null;
        if (_hasPeerEnded)
        {
            violation = frames.Remaining == 0 ? null : Violation.Of("{0} bytes after the end frame", frames.Remaining);
            return false;
        }

        if (!frames.TryPeek(out var header))
        {
            return false;
        }

        violation = header.FindViolation();
        if (violation is not null)
        {
            return false;
        }

        var verdict = Verdict.Drop;
        var isWhole = frames.Remaining - AudioFrameHeader.Size >= header.PayloadLength;
        switch (header.Type)
        {
            case AudioFrameType.Block:
                verdict = _streams.JudgeBlock(header, isWhole, out violation);
                break;
            case AudioFrameType.Credit:
                verdict = _streams.JudgeCredit(header, out violation);
                break;
            case AudioFrameType.Horizon:
                verdict = JudgeHorizon(header, out violation);
                break;
            default:
                _hasPeerEnded = true;
                break;
        }

        if (violation is not null || !isWhole)
        {
            return false;
        }

        if (verdict == Verdict.Take)
        {
            isAnythingTaken = true;
            Tell(receiver, header, ref frames);
            return true;
        }

        frames.Skip(header);
        if (header.Type == AudioFrameType.Block)
        {
            Interlocked.Increment(ref _droppedBlocks);
        }
        else if (header.Type == AudioFrameType.Credit)
        {
            Interlocked.Increment(ref _droppedCredits);
        }

        return true;
    }

    private Verdict JudgeHorizon(in AudioFrameHeader header, out string? violation)
    {
        violation = header.Position < _receivedHorizon ? Violation.Of("position is {0}, a horizon below {1}", header.Position, _receivedHorizon) : null;
        _receivedHorizon = header.Position;
        return Verdict.Take;
    }

    /// <summary>Takes the frame, so that it is gone also if the receiver throws, and tells of it.</summary>
    private void Tell(IAudioLinkReceiver receiver, in AudioFrameHeader header, ref FrameReader frames)
    {
        if (header.Type == AudioFrameType.Block)
        {
            _waiter.OnBlock(header.Epoch, header.Position);
            receiver.OnBlock(frames.TakeBlock(header));
            return;
        }

        frames.Skip(header);
        if (header.Type == AudioFrameType.Credit)
        {
            receiver.OnCredit(header.StreamId, header.Position);
        }
        else
        {
            receiver.OnHorizon(header.Position);
        }
    }
}
