using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using CommunityToolkit.HighPerformance.Buffers;
using Loophole.Cluster.Control;
using Loophole.Cluster.Transports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Loophole.Cluster.Protocol;

/// <summary>Commands, answers and events over one channel. Safe for concurrent use.</summary>
/// <remarks>
/// <para><b>Loop.</b> Answers are taken only while <see cref="RunAsync"/> runs: start it before the first request.</para>
/// <para><b>Order.</b> What the peer sends reaches the handler one by one, in order; answers to own requests pass by it.</para>
/// <para><b>Ownership.</b> The channel given is this object's from now on, and disposed with it.</para>
/// </remarks>
public sealed partial class PipeControlChannel : IAsyncDisposable
{
    private readonly IClusterChannel _channel;
    private readonly PipeControlChannelOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, PendingRequest> _pending = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenRegistration _channelClosed;
    private long _lastId;
    private long _lastReceived;
    private int _isLost;
    private int _isRunning;
    private bool _isDisposed;

    /// <summary>Makes a control channel.</summary>
    /// <param name="channel">Carries the envelopes.</param>
    /// <param name="options">The settings.</param>
    /// <param name="loggerFactory">Where log events go; <see langword="null"/> for nowhere.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for <see cref="TimeProvider.System"/>.</param>
    public PipeControlChannel(
        IClusterChannel channel, PipeControlChannelOptions options, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(options);
        _channel = channel;
        _options = options;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<PipeControlChannel>();
        _time = timeProvider ?? TimeProvider.System;
        _lastReceived = _time.GetTimestamp();
        _channelClosed = channel.Closed.UnsafeRegister(static self => ((PipeControlChannel)self!).LoseAll(), this);
    }

    /// <summary>Timestamp of the clock when anything last arrived; at first, that of construction. [any]</summary>
    public long LastReceivedTimestamp => Interlocked.Read(ref _lastReceived);

    /// <summary>Sends a command and waits for its answer. [any]</summary>
    /// <param name="target">Who is meant.</param>
    /// <param name="domain">Area; lower camel case, 1 to 64 characters.</param>
    /// <param name="name">What to do; lower camel case, 1 to 64 characters.</param>
    /// <param name="payload">A JSON object.</param>
    /// <param name="cancellationToken">Stops the wait; the command may still be carried out.</param>
    /// <returns>The response.</returns>
    /// <exception cref="ArgumentException">An argument does not fit an envelope.</exception>
    /// <exception cref="ControlException">The peer answered with an error, no answer came in time (<see cref="ControlException.TimeoutCode"/>),
    /// the connection is lost (<see cref="ControlException.ConnectionLostCode"/>), or too many requests are pending (<see cref="ControlException.BusyCode"/>).</exception>
    public async Task<Envelope> RequestAsync(Party target, string domain, string name, JsonElement payload, CancellationToken cancellationToken = default)
    {
        var command = NewEnvelope(target, domain, name, EnvelopeKind.Command, payload);
        using var bytes = Encode(command);
        var pending = new PendingRequest(domain, name);
        if (_pending.Count >= _options.MaxPendingRequests)
        {
            throw new ControlException(ControlException.BusyCode, $"{_options.MaxPendingRequests} requests are pending.");
        }

        _pending[command.Id] = pending;
        try
        {
            ThrowIfLost();
            using var deadline = new CancellationTokenSource(_options.RequestTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
            try
            {
                await SendAsync(bytes, either.Token).ConfigureAwait(false);
                return await pending.Answer.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException canceled)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new ControlException(ControlException.TimeoutCode, $"No answer to {domain}.{name} in {_options.RequestTimeout}.", null, canceled);
            }
        }
        finally
        {
            _pending.TryRemove(command.Id, out _);
        }
    }

    /// <summary>Sends an event. [any]</summary>
    /// <param name="target">Who is meant.</param>
    /// <param name="domain">Area; lower camel case, 1 to 64 characters.</param>
    /// <param name="name">What happened; lower camel case, 1 to 64 characters.</param>
    /// <param name="payload">A JSON object.</param>
    /// <param name="cancellationToken">Stops the wait; the event may still leave.</param>
    /// <returns>Completes when the transport has taken it.</returns>
    /// <exception cref="ArgumentException">An argument does not fit an envelope.</exception>
    /// <exception cref="ControlException">The connection is lost (<see cref="ControlException.ConnectionLostCode"/>).</exception>
    public async ValueTask SendEventAsync(Party target, string domain, string name, JsonElement payload, CancellationToken cancellationToken = default)
    {
        using var bytes = Encode(NewEnvelope(target, domain, name, EnvelopeKind.Event, payload));
        ThrowIfLost();
        await SendAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the channel in good order; pending requests fail as lost. Idempotent. [any]</summary>
    /// <returns>Completes when the channel is disposed.</returns>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _isDisposed, true);
        await _channelClosed.DisposeAsync().ConfigureAwait(false);
        LoseAll();
        await _channel.DisposeAsync().ConfigureAwait(false);
    }

    private static ArrayPoolBufferWriter<byte> Encode(Envelope envelope)
    {
        var bytes = new ArrayPoolBufferWriter<byte>();
        try
        {
            EnvelopeCodec.Write(bytes, envelope);
            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    private Envelope NewEnvelope(Party target, string domain, string name, EnvelopeKind kind, JsonElement payload) => new()
    {
        Id = Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture),
        Timestamp = _time.GetUtcNow(),
        Origin = _options.Party,
        Target = target,
        Domain = domain,
        Kind = kind,
        Name = name,
        Payload = payload,
    };

    private async ValueTask SendAsync(ArrayPoolBufferWriter<byte> bytes, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // The bytes stand in the pipe as a whole or not at all: a cancelled flush still delivers them.
            var output = _channel.Output;
            var all = bytes.WrittenSpan;
            while (!all.IsEmpty)
            {
                var span = output.GetSpan();
                var part = Math.Min(span.Length, all.Length);
                all[..part].CopyTo(span);
                output.Advance(part);
                all = all[part..];
            }

            var result = await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (result.IsCompleted)
            {
                throw Lost(null);
            }
        }
        catch (Exception exception) when (exception is TransportException or InvalidOperationException)
        {
            throw Lost(exception);
        }
        finally
        {
            _writing.Release();
        }
    }

    private static ControlException Lost(Exception? cause) =>
        new(ControlException.ConnectionLostCode, cause is null ? "The connection is lost." : $"The connection is lost: {cause.Message}", null, cause);

    private void ThrowIfLost()
    {
        if (Volatile.Read(ref _isLost) != 0)
        {
            throw Lost(null);
        }
    }

    private void LoseAll()
    {
        Volatile.Write(ref _isLost, 1);
        foreach (var pending in _pending.Values)
        {
            pending.TryFail(Lost(null));
        }
    }

    private sealed class PendingRequest(string domain, string name)
    {
        private readonly TaskCompletionSource<Envelope> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Envelope> Answer => _answer.Task;

        public void TryFail(ControlException reason) => _answer.TrySetException(reason);

        public void Complete(Envelope answer)
        {
            if (answer.Error is { } error)
            {
                TryFail(new ControlException(error.Code, error.Message, error.Details));
            }
            else if (answer.Domain != domain || answer.Name != name)
            {
                TryFail(new ControlException(ControlException.BadAnswerCode, $"{answer.Domain}.{answer.Name} answered {domain}.{name}."));
            }
            else
            {
                _answer.TrySetResult(answer);
            }
        }
    }
}
