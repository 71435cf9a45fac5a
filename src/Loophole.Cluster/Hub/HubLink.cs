using System.Collections.Concurrent;
using System.Collections.Immutable;
using Loophole.Cluster.Links;
using Loophole.Cluster.Live;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Rings;
using Loophole.Cluster.State;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Hub;

/// <summary>A node as the host sees it: an audio link and a state channel, with the loops that move blocks and checkpoints.</summary>
internal sealed class HubLink : IAudioLinkReceiver, IAsyncDisposable
{
    /// <summary>What is written before a flush at the most.</summary>
    private const int FlushBytes = 1 << 20;

    private readonly IClusterConnection _connection;
    private readonly PipeControlChannel _control;
    private readonly IAudioLink _link;
    private readonly StateChannel _state;
    private readonly CheckpointStore _checkpoints;
    private readonly CancellationTokenSource _ending;
    private readonly LinkPump _pump;
    private readonly SemaphoreSlim _stateWriter = new(1, 1);
    private readonly ConcurrentQueue<int> _closing = new();
    private ImmutableDictionary<int, HubProducer> _producers = ImmutableDictionary<int, HubProducer>.Empty;
    private ImmutableDictionary<int, HubConsumer> _consumers = ImmutableDictionary<int, HubConsumer>.Empty;
    private ImmutableArray<HubSubgraph> _subgraphs = [];
    private long _horizon;
    private long _grantedHorizon;
    private Task _loops = Task.CompletedTask;

    /// <summary>Takes the connection and all that was opened through it over.</summary>
    public HubLink(ConnectNodeCommand node, IClusterConnection connection, PipeControlChannel control, IAudioLink link, StateChannel state, CheckpointStore checkpoints)
    {
        (Node, _connection, _control, _link, _state, _checkpoints) = (node.Node, connection, control, link, state, checkpoints);
        _pump = new LinkPump(link, WriteWhatIsThere, static () => { });
        _ending = CancellationTokenSource.CreateLinkedTokenSource(link.Closed, state.Closed, connection.Closed);
    }

    public Guid Node { get; }

    /// <summary>Where the node was reached. [any]</summary>
    public Uri EndPoint => _connection.RemoteEndPoint;

    /// <summary>Starts the loops. [control]</summary>
    /// <param name="onEnd">Called once when they end, with the reason.</param>
    public void Start(Action<HubLink, string> onEnd) => _loops = RunAsync(onEnd);

    /// <summary>Takes a subgraph on: opens its streams and tells the node to begin. On a link that is lost nothing happens: its end is reported, and the subgraph will move. [control]</summary>
    public async Task AddAsync(SubgraphRoute route, SessionFormat format, IReadOnlyDictionary<int, HubSignal> signals, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        foreach (var output in route.Outputs)
        {
            _link.OpenStream(new AudioStream(output.StreamId, route.Epoch, output.AudioChannels, format.BlockFrames, route.StartFrame), StreamDirection.Receive);
        }

        foreach (var input in route.Inputs)
        {
            _link.OpenStream(new AudioStream(input.StreamId, route.Epoch, input.AudioChannels, format.BlockFrames, route.StartFrame), StreamDirection.Send);
        }

        var subgraph = new HubSubgraph(route, format, signals, _checkpoints, _pump);
        _producers = _producers.SetItems(subgraph.Outputs.Select(producer => KeyValuePair.Create(producer.StreamId, producer)));
        _consumers = _consumers.SetItems(subgraph.Inputs.Select(consumer => KeyValuePair.Create(consumer.StreamId, consumer)));
        foreach (var producer in subgraph.Outputs)
        {
            producer.Signal.Assign(producer, Ring);
        }

        foreach (var consumer in subgraph.Inputs)
        {
            consumer.Signal.Replace(consumer);
        }

        _subgraphs = _subgraphs.Add(subgraph);
        await _stateWriter.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _state.SendAsync(new StateMessage(route.SubgraphId, route.Epoch, route.StartFrame, checkpoint), cancellationToken).ConfigureAwait(false);
        }
        catch (TransportException)
        {
            // The loops meet the same, and say so once.
        }
        finally
        {
            _stateWriter.Release();
        }

        Ring();
    }

    /// <summary>Lets a subgraph go, if it is here: nothing of it is sent, granted or taken any more. What of it is on its way is dropped. [control]</summary>
    public void Remove(string subgraphId)
    {
        if (_subgraphs.FirstOrDefault(subgraph => subgraph.Id == subgraphId) is { } removed)
        {
            _subgraphs = _subgraphs.Remove(removed);
            _producers = _producers.RemoveRange(removed.Outputs.Select(producer => producer.StreamId));
            _consumers = _consumers.RemoveRange(removed.Inputs.Select(consumer => consumer.StreamId));
            foreach (var consumer in removed.Inputs)
            {
                consumer.Retire();
            }

            foreach (var stream in removed.Outputs.Select(producer => producer.StreamId).Concat(removed.Inputs.Select(consumer => consumer.StreamId)))
            {
                // The pump may be at it right now; it closes the stream when it is not.
                _closing.Enqueue(stream);
            }

            Ring();
        }
    }

    /// <summary>How what the node renders comes here, subgraph by subgraph. [control]</summary>
    public IEnumerable<LinkCounts> TakeCounts() => _subgraphs.Select(subgraph => subgraph.TakeCounts());

    /// <summary>The playhead moved: what no checkpoint needs any more is freed. [output loop]</summary>
    public void Settle()
    {
        foreach (var subgraph in _subgraphs)
        {
            subgraph.Settle();
        }
    }

    /// <summary>Grants a horizon with the next flush. [any]</summary>
    public void SetHorizon(long horizonFrame)
    {
        Volatile.Write(ref _horizon, horizonFrame);
        Ring();
    }

    /// <summary>Something may have become possible. [any]</summary>
    public void Ring() => _pump.Ring();

    /// <summary>Cuts the link and waits for the loops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        _link.Abort("The node was dropped.");
        await _loops.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _state.DisposeAsync().ConfigureAwait(false);
        await _link.DisposeAsync().ConfigureAwait(false);
        await _control.DisposeAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
        _stateWriter.Dispose();
        _ending.Dispose();
    }

    void IAudioLinkReceiver.OnBlock(in AudioBlock block)
    {
        if (!_producers.TryGetValue(block.Header.StreamId, out var producer))
        {
            return;
        }

        var meter = producer.Subgraph.Meter;
        meter.Receive(block.Header);
        var ahead = producer.Signal.AheadOf(Math.Max(block.Header.StartFrame, producer.Signal.Ring.WriteFrame));
        if (producer.Signal.Write(producer, block))
        {
            if (ahead is { } frames)
            {
                meter.Arrive(frames);
            }

            if (producer.Subgraph.IsRealTime)
            {
                LiveThread.Raise();
            }

            producer.Subgraph.Settle();
            foreach (var reader in producer.Signal.Readers)
            {
                reader.Ring();
            }
        }
    }

    void IAudioLinkReceiver.OnCredit(int streamId, long limitFrame)
    {
        if (_consumers.TryGetValue(streamId, out var consumer) && !consumer.CountCredit())
        {
            _link.Abort($"the node floods: it has granted credit for stream {streamId} more often than it was sent frames");
            return;
        }

        Ring();
    }

    void IAudioLinkReceiver.OnHorizon(long horizonFrame) => _link.Abort("the node granted a horizon, which is the host's to do");

    private async Task RunAsync(Action<HubLink, string> onEnd)
    {
        var token = _ending.Token;
        await using var ring = token.Register(static link => ((HubLink)link!).Ring(), this).ConfigureAwait(false);
        Task[] loops = [LinkReceiver.RunAsync(_link, this, static () => { }, $"link receiver {Node:N}", token), _pump.RunAsync(token), ReceiveStateAsync(token)];
        var first = await Task.WhenAny(loops).ConfigureAwait(false);
        var reason = first.Exception?.InnerException?.Message ?? _link.Failure?.Message ?? "the node closed the link";
        await _ending.CancelAsync().ConfigureAwait(false);
        _link.Abort(reason);
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        onEnd(this, reason);
    }

    private bool WriteWhatIsThere()
    {
        var wrote = false;
        var budget = FlushBytes;
        while (_closing.TryDequeue(out var stream))
        {
            _link.CloseStream(stream);
        }

        if (Volatile.Read(ref _horizon) is var wanted && wanted > _grantedHorizon)
        {
            _link.GrantHorizon(_grantedHorizon = wanted);
            wrote = true;
        }

        foreach (var subgraph in _subgraphs)
        {
            foreach (var producer in subgraph.Outputs)
            {
                wrote |= producer.Grant(_link);
            }

            foreach (var consumer in subgraph.Inputs)
            {
                wrote |= consumer.Write(_link, ref budget);
            }
        }

        return wrote;
    }

    private async Task ReceiveStateAsync(CancellationToken cancellationToken)
    {
        while (await _state.ReceiveAsync(cancellationToken).ConfigureAwait(false) is { } saved)
        {
            foreach (var subgraph in _subgraphs)
            {
                if (subgraph.Owns(saved))
                {
                    subgraph.Offer(saved);
                }
            }
        }
    }
}
