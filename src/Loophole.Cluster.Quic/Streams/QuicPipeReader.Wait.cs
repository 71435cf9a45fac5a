using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace Loophole.Cluster.Quic.Streams;

internal sealed partial class QuicPipeReader
{
    private ManualResetValueTaskSourceCore<ReadResult> _result;
    private CancellationTokenRegistration _registration;
    private CancellationToken _token;
    private bool _isWaiting;
    private bool _isCancelRequested;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        }

        lock (_gate)
        {
            ThrowIfBusy();
            if (TakeOrStart(out var result))
            {
                return new ValueTask<ReadResult>(result);
            }

            _result.Reset();
            _isWaiting = true;
            _token = cancellationToken;
        }

        _registration = cancellationToken.UnsafeRegister(static (reader, token) => ((QuicPipeReader)reader!).OnCanceled(token), this);
        return new ValueTask<ReadResult>(this, _result.Version);
    }

    public override void CancelPendingRead()
    {
        Wakeup wakeup;
        lock (_gate)
        {
            _isCancelRequested = true;
            wakeup = WakeIfReady();
        }

        wakeup.Set(ref _result);
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        _registration.Unregister();
        return _result.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    private void ThrowIfBusy()
    {
        if (_isCompleted || _isWaiting)
        {
            throw new InvalidOperationException(_isCompleted ? "Reading has been completed." : "A read is pending.");
        }
    }

    /// <summary>Decides, with the gate held, how a waiting read ends; the caller then says so without the gate.</summary>
    private Wakeup WakeIfReady()
    {
        if (!_isWaiting)
        {
            return default;
        }

        try
        {
            if (!TryTake(out var result))
            {
                return default;
            }

            _isWaiting = false;
            return new Wakeup(result, null);
        }
        catch (Exception exception) when (exception == _failure)
        {
            _isWaiting = false;
            return new Wakeup(default, exception);
        }
    }

    private void OnCanceled(CancellationToken token)
    {
        lock (_gate)
        {
            // A callback that comes late may find another read waiting, with a token of its own.
            if (!_isWaiting || token != _token)
            {
                return;
            }

            _isWaiting = false;
        }

        _result.SetException(new OperationCanceledException(token));
    }

    private readonly struct Wakeup(ReadResult result, Exception? exception)
    {
        private readonly bool _isDue = true;

        public void Set(ref ManualResetValueTaskSourceCore<ReadResult> source)
        {
            if (_isDue && exception is null)
            {
                source.SetResult(result);
            }
            else if (_isDue)
            {
                source.SetException(exception!);
            }
        }
    }
}
