using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Protocol.Links;

namespace Loophole.Cluster.Protocol;

public partial class PipeAudioLink
{
    private long _sentHorizon;
    private bool _isCompleted;
    private int _isFlushing;

    /// <inheritdoc/>
    public bool TrySend(int streamId, long startFrame, ReadOnlySpan<float> samples)
    {
        ThrowIfNotWritable();
        if (!_streams.TryTakeSend(streamId, startFrame, samples, out var header))
        {
            return false;
        }

        Write(header, MemoryMarshal.AsBytes(samples));
        return true;
    }

    /// <inheritdoc/>
    public void Grant(int streamId, long limitFrame)
    {
        ThrowIfNotWritable();
        if (_streams.TryGrant(streamId, limitFrame, out var epoch))
        {
            Write(new AudioFrameHeader
            {
                Version = AudioFrameHeader.CurrentVersion,
                Type = AudioFrameType.Credit,
                StreamId = streamId,
                Epoch = epoch,
                Position = limitFrame,
            });
        }
    }

    /// <inheritdoc/>
    public void GrantHorizon(long horizonFrame)
    {
        ThrowIfNotWritable();
        if (horizonFrame > _sentHorizon)
        {
            _sentHorizon = horizonFrame;
            Write(new AudioFrameHeader { Version = AudioFrameHeader.CurrentVersion, Type = AudioFrameType.Horizon, Position = horizonFrame });
        }
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfNotWritable();
        return FlushCoreAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfUnusable();
        if (_isCompleted)
        {
            return;
        }

        ThrowIfNotWritable();
        Write(new AudioFrameHeader { Version = AudioFrameHeader.CurrentVersion, Type = AudioFrameType.End });
        _isCompleted = true;
        try
        {
            await FlushCoreAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await _channel.Output.CompleteAsync().ConfigureAwait(false);
        }
    }

    private void ThrowIfNotWritable()
    {
        AudioThread.Trip(AudioThreadFault.Network, "an audio link");
        ThrowIfUnusable();
        if (Volatile.Read(ref _isFlushing) != 0)
        {
            throw new InvalidOperationException("A flush is pending.");
        }

        if (_isCompleted)
        {
            throw new InvalidOperationException("The link has been completed.");
        }
    }

    private void Write(in AudioFrameHeader header, ReadOnlySpan<byte> payload = default)
    {
        try
        {
            // In one piece: asking for room and advancing cost more than the copying, and there are hundreds a block period.
            var size = AudioFrameHeader.Size + (int)header.PayloadLength;
            var frame = _channel.Output.GetSpan(size);
            header.Write(frame);
            payload[..(int)header.PayloadLength].CopyTo(frame[AudioFrameHeader.Size..]);
            _channel.Output.Advance(size);
        }
        catch (Exception exception)
        {
            throw Translate(exception);
        }
    }

    private ValueTask FlushCoreAsync(CancellationToken cancellationToken)
    {
        var flushing = BeginFlush(cancellationToken);
        if (!flushing.IsCompletedSuccessfully)
        {
            return AwaitFlushAsync(flushing, cancellationToken);
        }

        // A peer that no longer reads is no failure here: whether it ended in good order is seen by reading.
        _ = flushing.Result;
        return default;
    }

    private ValueTask<FlushResult> BeginFlush(CancellationToken cancellationToken)
    {
        try
        {
            return _channel.Output.FlushAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<FlushResult>(exception);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AwaitFlushAsync(ValueTask<FlushResult> flushing, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _isFlushing, 1);
        try
        {
            _ = await flushing.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            throw Translate(exception);
        }
        finally
        {
            Volatile.Write(ref _isFlushing, 0);
        }
    }
}
