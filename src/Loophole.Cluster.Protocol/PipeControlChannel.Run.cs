using System.IO.Pipelines;
using System.Text.Json;
using System.Threading.Channels;
using Loophole.Cluster.Control;
using Loophole.Cluster.Protocol.Telemetry;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Protocol;

public sealed partial class PipeControlChannel
{
    /// <summary>Reads what the peer sends until the channel ends: answers go to their requests, all else to the handler. [one caller]</summary>
    /// <param name="handler">Takes commands, events and snapshots.</param>
    /// <param name="cancellationToken">Stops the loop between envelopes and drops what waits for the handler; it may be run again.</param>
    /// <returns>Completes when the peer has ended the channel in good order and the handler is through with what came before, or when
    /// this side has disposed it.</returns>
    /// <exception cref="EnvelopeException">The peer sent what is no envelope; the channel is aborted.</exception>
    /// <exception cref="TransportException">The channel is lost, or the peer overran the queue with events.</exception>
    public async Task RunAsync(IControlHandler handler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (Interlocked.Exchange(ref _isRunning, 1) != 0)
        {
            throw new InvalidOperationException("The loop runs already.");
        }

        try
        {
            var queue = Channel.CreateBounded<Envelope>(new BoundedChannelOptions(_options.MaxQueuedEnvelopes) { SingleReader = true });
            var refusals = Channel.CreateBounded<Envelope>(new BoundedChannelOptions(_options.MaxQueuedEnvelopes) { SingleReader = true });
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _channel.Closed);
            var handling = HandleAllAsync(queue.Reader, handler, stop.Token);
            var refusing = SendAllAsync(refusals.Reader, stop.Token);
            try
            {
                await ReadAllAsync(queue.Writer, refusals.Writer, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                queue.Writer.TryComplete();
                refusals.Writer.TryComplete();
                await Task.WhenAll(handling, refusing).ConfigureAwait(false);
            }
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    private async Task ReadAllAsync(ChannelWriter<Envelope> queue, ChannelWriter<Envelope> refusals, CancellationToken cancellationToken)
    {
        var input = _channel.Input;
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
                Interlocked.Exchange(ref _lastReceived, _time.GetTimestamp());
                var isPartLeft = TakeAll(input, result, queue, refusals);
                if (result.IsCompleted)
                {
                    LoseAll();
                    if (isPartLeft)
                    {
                        throw new TransportException(TransportError.PeerReset, "The peer went away in the middle of an envelope.");
                    }

                    return;
                }
            }
        }
        catch (TransportException) when (Volatile.Read(ref _isDisposed))
        {
            return;
        }
        catch (Exception exception) when (exception is EnvelopeException or TransportException)
        {
            _channel.Abort(exception.Message);
            LoseAll();
            throw;
        }
    }

    /// <summary>Deals with every whole envelope of a read and lets go of it.</summary>
    /// <returns>Whether a part of an envelope is left.</returns>
    private bool TakeAll(PipeReader input, in ReadResult result, ChannelWriter<Envelope> queue, ChannelWriter<Envelope> refusals)
    {
        var rest = result.Buffer;
        try
        {
            while (true)
            {
                try
                {
                    if (!EnvelopeCodec.TryRead(ref rest, _options.MaxEnvelopeLength, out var envelope))
                    {
                        return !rest.IsEmpty;
                    }

                    if (!Deliver(envelope, queue))
                    {
                        var busy = Refuse(envelope, ControlException.BusyCode, "Too many commands wait.");
                        Enqueue(refusals, busy);
                    }
                }
                catch (EnvelopeException refused) when (refused.CanContinue)
                {
                    ProtocolLog.EnvelopeRefused(_logger, refused.Message);
                    if (refused.IsAnswerDue)
                    {
                        Enqueue(refusals, Refuse(refused));
                    }
                }
            }
        }
        finally
        {
            input.AdvanceTo(rest.Start, rest.End);
        }
    }

    // The reading side never waits for room to write: two ends that do so at once would wait for each other.
    private void Enqueue(ChannelWriter<Envelope> refusals, Envelope refusal)
    {
        if (!refusals.TryWrite(refusal))
        {
            throw new TransportException(TransportError.ProtocolViolation, $"The peer does not read {_options.MaxQueuedEnvelopes} refusals.");
        }
    }

    /// <summary>Hands an envelope to whom it is for.</summary>
    /// <returns><see langword="false"/> when it is a command for which the queue has no room.</returns>
    private bool Deliver(Envelope envelope, ChannelWriter<Envelope> queue)
    {
        if (envelope.Kind is EnvelopeKind.Response or EnvelopeKind.Error)
        {
            if (envelope.CommandId is { } id && _pending.TryRemove(id, out var pending))
            {
                pending.Complete(envelope);
            }
            else
            {
                ProtocolLog.AnswerIgnored(_logger, envelope.CommandId);
            }

            return true;
        }

        if (queue.TryWrite(envelope))
        {
            return true;
        }

        ProtocolLog.QueueFull(_logger, envelope.Kind, envelope.Domain, envelope.Name);
        return envelope.Kind == EnvelopeKind.Command
            ? false
            : throw new TransportException(TransportError.ProtocolViolation, $"More than {_options.MaxQueuedEnvelopes} envelopes wait for the handler.");
    }

    private async Task HandleAllAsync(ChannelReader<Envelope> queue, IControlHandler handler, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var envelope in queue.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (envelope.Kind == EnvelopeKind.Command)
                {
                    var answer = await AnswerAsync(envelope, handler, cancellationToken).ConfigureAwait(false);
                    await TrySendAsync(answer, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    await TellAsync(envelope, handler, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The reading side tells the caller why the loop ends.
        }
    }

    private async ValueTask<Envelope> AnswerAsync(Envelope command, IControlHandler handler, CancellationToken cancellationToken)
    {
        try
        {
            var payload = await handler.HandleCommandAsync(command, cancellationToken).ConfigureAwait(false);
            if (payload.ValueKind != JsonValueKind.Object)
            {
                throw new InvalidOperationException("The handler's answer is not a JSON object.");
            }

            return NewEnvelope(command.Origin, command.Domain, command.Name, EnvelopeKind.Response, payload) with { CommandId = command.Id };
        }
        catch (ControlException refused)
        {
            return Refuse(command, refused.Code, refused.Message, refused.Details);
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            ProtocolLog.HandlerFailed(_logger, command.Domain, command.Name, exception);
            return Refuse(command, ControlException.InternalCode, $"{command.Domain}.{command.Name} failed inside.");
        }
    }

    private async ValueTask TellAsync(Envelope envelope, IControlHandler handler, CancellationToken cancellationToken)
    {
        try
        {
            await handler.HandleEventAsync(envelope, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            ProtocolLog.HandlerFailed(_logger, envelope.Domain, envelope.Name, exception);
        }
    }

    private Envelope Refuse(Envelope command, string code, string message, JsonElement? details = null) =>
        NewEnvelope(command.Origin, command.Domain, command.Name, EnvelopeKind.Error, Envelope.EmptyPayload) with
        {
            CommandId = command.Id,
            Error = new EnvelopeError(code, message, details),
        };

    // Who sent it may be what could not be read, so the target is a formality: the own party.
    private Envelope Refuse(EnvelopeException refused) =>
        NewEnvelope(_options.Party, refused.Domain, refused.Name, EnvelopeKind.Error, Envelope.EmptyPayload) with
        {
            CommandId = refused.EnvelopeId,
            Error = new EnvelopeError(
                refused.Fault == EnvelopeFault.Version ? ControlException.UnsupportedVersionCode : ControlException.BadEnvelopeCode, refused.Message),
        };

    private async Task SendAllAsync(ChannelReader<Envelope> refusals, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var refusal in refusals.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                await TrySendAsync(refusal, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The reading side tells the caller why the loop ends.
        }
    }

    private async ValueTask TrySendAsync(Envelope answer, CancellationToken cancellationToken)
    {
        try
        {
            using var bytes = Encode(answer);
            await SendAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ControlException or ArgumentException)
        {
            ProtocolLog.AnswerNotSent(_logger, answer.Domain, answer.Name, exception);
        }
    }
}
