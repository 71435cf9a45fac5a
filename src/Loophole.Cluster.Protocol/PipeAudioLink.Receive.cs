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
                var frames = Read(cancellationToken);
                if (HandOver(_input, ref frames, receiver))
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

    private FrameReader Read(CancellationToken cancellationToken)
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

    private bool HandOver(in ReadResult result, IAudioLinkReceiver receiver)
    {
        var frames = new FrameReader(result);
        return HandOver(_pipe, ref frames, receiver);
    }

    /// <summary>Parses every complete frame in place and lets go of it.</summary>
    /// <returns>Whether the receiver was called.</returns>
    private bool HandOver(LinkInput input, ref FrameReader frames, IAudioLinkReceiver receiver)
    {
        var isAnythingTaken = false;
        Judgement judgement;
        try
        {
            do
            {
                judgement = TakeFrame(ref frames, receiver);
                isAnythingTaken |= judgement.Verdict == Verdict.Take;
            }
            while (judgement.Verdict is Verdict.Take or Verdict.Drop);
        }
        catch
        {
            // The receiver broke its own contract; what it has not seen would be lost silently.
            Abort("The receiver threw.");
            throw;
        }
        finally
        {
            input.Take(frames);
        }

        if (judgement.Violation is { } violation)
        {
            throw Fail(AudioLinkError.ProtocolViolation, $"Invalid audio frame: {violation}.");
        }

        if (frames.IsCompleted && !_hasPeerEnded)
        {
            throw Fail(AudioLinkError.PeerReset, frames.Remaining == 0 ? "The peer went away." : "The peer went away in the middle of a frame.");
        }

        return isAnythingTaken;
    }

    /// <summary>Takes the next frame, if all of it is there, and tells of it unless it is to be dropped.</summary>
    private Judgement TakeFrame(ref FrameReader frames, IAudioLinkReceiver receiver)
    {
        if (_hasPeerEnded && frames.Remaining > 0)
        {
            return Judgement.Of(Violation.Of("{0} bytes after the end frame", frames.Remaining));
        }

        if (!frames.TryPeek(out var header))
        {
            return new Judgement(Verdict.Wait);
        }

        if (header.FindViolation() is { } violation)
        {
            return Judgement.Of(violation);
        }

        var isWhole = frames.Remaining - AudioFrameHeader.Size >= header.PayloadLength;
        var judgement = Judge(header, isWhole);
        if (judgement.Verdict == Verdict.Violation)
        {
            return judgement;
        }

        if (!isWhole)
        {
            return new Judgement(Verdict.Wait);
        }

        if (judgement.Verdict == Verdict.Take)
        {
            Tell(receiver, header, ref frames);
        }
        else
        {
            frames.Skip(header);
            CountDropped(header.Type);
        }

        return judgement;
    }

    private Judgement Judge(in AudioFrameHeader header, bool isWhole)
    {
        switch (header.Type)
        {
            case AudioFrameType.Block:
                return _streams.JudgeBlock(header, isWhole);
            case AudioFrameType.Credit:
                return _streams.JudgeCredit(header);
            case AudioFrameType.Horizon:
                return JudgeHorizon(header);
            default:
                _hasPeerEnded = true;
                return new Judgement(Verdict.Drop);
        }
    }

    private Judgement JudgeHorizon(in AudioFrameHeader header)
    {
        if (header.Position < _receivedHorizon)
        {
            return Judgement.Of(Violation.Of("position is {0}, a horizon below {1}", header.Position, _receivedHorizon));
        }

        _receivedHorizon = header.Position;
        return new Judgement(Verdict.Take);
    }

    private void CountDropped(AudioFrameType type)
    {
        if (type == AudioFrameType.Block)
        {
            Interlocked.Increment(ref _droppedBlocks);
        }
        else if (type == AudioFrameType.Credit)
        {
            Interlocked.Increment(ref _droppedCredits);
        }
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
