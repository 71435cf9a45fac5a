using System.Buffers;
using System.IO.Pipelines;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Signals;

/// <summary>The control channel of a connection on which nobody is admitted yet. Whoever says more than any introduction takes is cut off, so that strangers cannot fill the memory.</summary>
/// <remarks>The limit goes for all that was ever said, not for one envelope: many small ones may wait just as well.</remarks>
internal sealed class StrangerChannel : IClusterChannel
{
    public const int MaxBytes = 64 * 1024;

    private readonly IClusterChannel _inner;
    private readonly Reader _input;

    public StrangerChannel(IClusterChannel inner)
    {
        _inner = inner;
        _input = new Reader(inner);
    }

    public ChannelPurpose Purpose => _inner.Purpose;

    public CancellationToken Closed => _inner.Closed;

    public PipeReader Input => _input;

    public PipeWriter Output => _inner.Output;

    /// <summary>Lifts the limit: the peer is known. [any]</summary>
    public void Admit() => _input.Admit();

    public void Abort(string reason) => _inner.Abort(reason);

    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    private sealed class Reader(IClusterChannel channel) : PipeReader
    {
        private readonly PipeReader _inner = channel.Input;
        private volatile bool _isAdmitted;
        private ReadOnlySequence<byte> _buffer;
        private long _consumed;

        public void Admit() => _isAdmitted = true;

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            Check(await _inner.ReadAsync(cancellationToken).ConfigureAwait(false));

        public override bool TryRead(out ReadResult result)
        {
            var read = _inner.TryRead(out result);
            if (read)
            {
                Check(result);
            }

            return read;
        }

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            _consumed += _buffer.Slice(0, consumed).Length;
            _buffer = default;
            _inner.AdvanceTo(consumed, examined);
        }

        public override void CancelPendingRead() => _inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => _inner.Complete(exception);

        private ReadResult Check(ReadResult result)
        {
            if (!_isAdmitted && _consumed + result.Buffer.Length > MaxBytes)
            {
                _inner.AdvanceTo(result.Buffer.Start);
                const string Reason = "It said too much before it was admitted.";
                channel.Abort(Reason);
                throw new TransportException(TransportError.ProtocolViolation, Reason);
            }

            _buffer = result.Buffer;
            return result;
        }
    }
}
