using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace Loophole.Cluster.Quic.Streams;

internal sealed partial class QuicPipeWriter
{
    private ManualResetValueTaskSourceCore<FlushResult> _result;
    private CancellationTokenRegistration _registration;
    private CancellationToken _token;
    private bool _isWaiting;
    private bool _isCancelRequested;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_isCompleted || _isWaiting)
            {
                throw new InvalidOperationException(_isCompleted ? "Writing has been completed." : "A flush is pending.");
            }

            Seal();
            Send();
            if (TryTake(out var result))
            {
                return new ValueTask<FlushResult>(result);
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return ValueTask.FromCanceled<FlushResult>(cancellationToken);
            }

            _result.Reset();
            _isWaiting = true;
            _token = cancellationToken;
        }

        _registration = cancellationToken.UnsafeRegister(static (writer, token) => ((QuicPipeWriter)writer!).OnCanceled(token), this);
        return new ValueTask<FlushResult>(this, _result.Version);
    }

    public override void CancelPendingFlush()
    {
        Wakeup wakeup;
        lock (_gate)
        {
            _isCancelRequested = true;
            wakeup = WakeIfReady();
        }

        wakeup.Set(ref _result);
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token)
    {
        _registration.Unregister();
        return _result.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    /// <summary>How a flush ends now, if it does. Holds the gate.</summary>
    private bool TryTake(out FlushResult result)
    {
        if (_failure is not null)
        {
            throw _failure;
        }

        result = new FlushResult(_isCancelRequested, _hasPeerStopped);
        var isReady = _isCancelRequested || _sending is null;
        _isCancelRequested &= !isReady;
        return isReady;
    }

    /// <summary>Decides, with the gate held, how a waiting flush ends; the caller then says so without the gate.</summary>
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
            // A callback that comes late may find another flush waiting, with a token of its own.
            if (!_isWaiting || token != _token)
            {
                return;
            }

            _isWaiting = false;
        }

        _result.SetException(new OperationCanceledException(token));
    }

    private readonly struct Wakeup(FlushResult result, Exception? exception)
    {
        private readonly bool _isDue = true;

        public void Set(ref ManualResetValueTaskSourceCore<FlushResult> source)
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
