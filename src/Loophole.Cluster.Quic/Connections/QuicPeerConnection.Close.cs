using System.Net.Quic;
using Loophole.Cluster.Quic.Streams;
using Loophole.Cluster.Quic.Wire;

namespace Loophole.Cluster.Quic.Connections;

/// <summary>The end. To close a QUIC connection throws away what the other side has not read yet, so the side that is done first only says so, by
/// an empty unidirectional stream; the one that is done last closes.</summary>
internal sealed partial class QuicPeerConnection
{
    private readonly TaskCompletionSource _peerIsDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isClosing;

    protected override void OnClosed()
    {
        if (Interlocked.Exchange(ref _isClosing, 1) == 0)
        {
            _onClosed?.Invoke(this);
            _ = CloseAsync();
        }
    }

    private void OnGoodbye()
    {
        _peerIsDone.TrySetResult();
        OnPeerClosed();
    }

    private async Task CloseAsync()
    {
        if (!_control.HasFailed)
        {
            using var deadline = new CancellationTokenSource(_settings.Options.CloseTimeout, _settings.Time);
            await SayGoodbyeAsync(deadline.Token).ConfigureAwait(false);
            await _peerIsDone.Task.WaitAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var code = _control.HasFailed ? CloseCode.Aborted : CloseCode.Done;
        await DropAsync(_main, code).ConfigureAwait(false);
        if (!_bulk.TrySetCanceled() && _bulk.Task.IsCompletedSuccessfully)
        {
            await DropAsync(await _bulk.Task.ConfigureAwait(false), code).ConfigureAwait(false);
        }
    }

    private async ValueTask SayGoodbyeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var stream = await _main.OpenOutboundStreamAsync(QuicStreamType.Unidirectional, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                stream.CompleteWrites();
                await stream.WritesClosed.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (QuicErrors.IsOfQuic(exception) || exception is OperationCanceledException)
        {
            // The peer is gone, or will hear of it by the close.
        }
    }

    /// <summary>Closes a QUIC connection and lets go of it. Never throws.</summary>
    internal static async ValueTask DropAsync(QuicConnection connection, CloseCode code)
    {
        try
        {
            await connection.CloseAsync((long)code).ConfigureAwait(false);
        }
        catch (Exception exception) when (QuicErrors.IsOfQuic(exception))
        {
            // It is lost already.
        }

        await connection.DisposeAsync().ConfigureAwait(false);
    }
}
