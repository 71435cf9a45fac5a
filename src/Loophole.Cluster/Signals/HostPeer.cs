using System.Collections.Concurrent;
using System.Collections.Immutable;
using Loophole.Cluster.Links;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Rings;
using Loophole.Cluster.State;

namespace Loophole.Cluster.Signals;

/// <summary>The host Signal as a node sees it: an audio link and a state channel, with the loops that move blocks and checkpoints.</summary>
internal sealed class HostPeer : IAudioLinkReceiver
{
    /// <summary>What is written before a flush at the most.</summary>
    private const int FlushBytes = 1 << 20;

    private readonly IAudioLink _link;
    private readonly StateChannel _state;
    private readonly Action _ringWorkers;
    private readonly AsyncDoorbell _pumpBell = new();
    private readonly AsyncDoorbell _stateBell = new();
    private readonly ConcurrentQueue<int> _closing = new();
    private ImmutableArray<SubgraphRunner> _runners = [];
    private ImmutableDictionary<int, InputPort> _inputs = ImmutableDictionary<int, InputPort>.Empty;
    private long _horizon;

    public HostPeer(IAudioLink link, StateChannel state, Action ringWorkers)
    {
        (_link, _state, _ringWorkers) = (link, state, ringWorkers);
    }

    /// <summary>Frames before this one may be rendered. [any]</summary>
    public long Horizon => Volatile.Read(ref _horizon);

    /// <summary>The subgraphs that talk through this peer. [any]</summary>
    public ImmutableArray<SubgraphRunner> Runners => _runners;

    /// <summary>Opens the streams of a subgraph. [control]</summary>
    public void Add(SubgraphRunner runner, SubgraphRoute route, SessionFormat format)
    {
        foreach (var input in route.Inputs)
        {
            _link.OpenStream(new AudioStream(input.StreamId, route.Epoch, input.AudioChannels, format.BlockFrames, route.StartFrame), StreamDirection.Receive);
        }

        foreach (var output in route.Outputs)
        {
            _link.OpenStream(new AudioStream(output.StreamId, route.Epoch, output.AudioChannels, format.BlockFrames, route.StartFrame), StreamDirection.Send);
        }

        _inputs = _inputs.SetItems(runner.Inputs.Select(port => KeyValuePair.Create(port.StreamId, port)));
        _runners = _runners.Add(runner);
    }

    /// <summary>Closes the streams of a subgraph. [control]</summary>
    public void Remove(SubgraphRunner runner)
    {
        _runners = _runners.Remove(runner);
        _inputs = _inputs.RemoveRange(runner.Inputs.Select(port => port.StreamId));
        foreach (var stream in StreamsOf(runner))
        {
            // The pump may be sending it right now; it closes the stream when it is not.
            _closing.Enqueue(stream);
        }

        _pumpBell.Ring();
    }

    /// <summary>A subgraph rendered or saved: there is something to send. [any]</summary>
    public void Ring(RunResult result)
    {
        (result == RunResult.Saved ? _stateBell : _pumpBell).Ring();
    }

    /// <summary>Moves everything until the link or the channel ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _link.Closed, _state.Closed);
        await using var rings = ending.Token.Register(static peer => ((HostPeer)peer!).RingAll(), this).ConfigureAwait(false);
        await _state.SendAsync(StateMessage.Ready, ending.Token).ConfigureAwait(false);
        Task[] loops = [LinkReceiver.RunAsync(_link, this, "link receiver", ending.Token), PumpAsync(ending.Token), ReceiveStateAsync(ending.Token), PumpStateAsync(ending.Token)];
        var first = await Task.WhenAny(loops).ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
        _link.Abort(first.Exception?.InnerException?.Message ?? "The host's link or channel ended.");
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    void IAudioLinkReceiver.OnBlock(in AudioBlock block)
    {
        if (_inputs.TryGetValue(block.Header.StreamId, out var port))
        {
            port.Write(block);
            _ringWorkers();
        }
    }

    void IAudioLinkReceiver.OnCredit(int streamId, long limitFrame) => _pumpBell.Ring();

    void IAudioLinkReceiver.OnHorizon(long horizonFrame)
    {
        Volatile.Write(ref _horizon, horizonFrame);
        _ringWorkers();
    }

    private void RingAll()
    {
        _pumpBell.Ring();
        _stateBell.Ring();
    }

    private async Task PumpAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            if (WriteWhatIsThere())
            {
                await _link.FlushAsync(cancellationToken).ConfigureAwait(false);
                _ringWorkers();
            }
            else
            {
                await _pumpBell.WaitAsync().ConfigureAwait(false);
            }
        }
    }

    private bool WriteWhatIsThere()
    {
        var wrote = false;
        var budget = FlushBytes;
        CloseStreams();
        foreach (var runner in _runners)
        {
            // Before the host's begin message the host does not know the streams yet.
            if (!runner.HasBegun)
            {
                continue;
            }

            foreach (var input in runner.Inputs)
            {
                wrote |= input.Grant(_link);
            }

            foreach (var output in runner.Outputs)
            {
                wrote |= output.Send(_link, ref budget);
            }
        }

        return wrote;
    }

    private void CloseStreams()
    {
        while (_closing.TryDequeue(out var stream))
        {
            if (!_runners.Any(runner => StreamsOf(runner).Contains(stream)))
            {
                _link.CloseStream(stream);
            }
        }
    }

    private static IEnumerable<int> StreamsOf(SubgraphRunner runner) =>
        runner.Inputs.Select(port => port.StreamId).Concat(runner.Outputs.Select(port => port.StreamId));

    private async Task ReceiveStateAsync(CancellationToken cancellationToken)
    {
        while (await _state.ReceiveAsync(cancellationToken).ConfigureAwait(false) is { } begin)
        {
            if (_runners.FirstOrDefault(runner => runner.Id == begin.SubgraphId && runner.Epoch == begin.Epoch) is { } runner)
            {
                runner.Begin(begin.Position, begin.Checkpoint.Span);
                _pumpBell.Ring();
                _ringWorkers();
            }
        }
    }

    private async Task PumpStateAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var runner in _runners)
            {
                if (runner.Checkpoint.IsFull)
                {
                    await _state.SendAsync(new StateMessage(runner.Id, runner.Epoch, runner.Checkpoint.Position, runner.Checkpoint.Bytes), cancellationToken).ConfigureAwait(false);
                    runner.Checkpoint.Empty();
                    _ringWorkers();
                }
            }

            await _stateBell.WaitAsync().ConfigureAwait(false);
        }
    }
}
