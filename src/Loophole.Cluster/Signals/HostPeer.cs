using System.Collections.Concurrent;
using System.Collections.Immutable;
using Loophole.Cluster.Links;
using Loophole.Cluster.Live;
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
    private readonly Action _runInserts;
    private readonly LinkPump _pump;
    private readonly bool _isRealTime;
    private readonly AsyncDoorbell _stateBell = new();
    private readonly ConcurrentQueue<int> _closing = new();
    private ImmutableArray<SubgraphRunner> _runners = [];
    private ImmutableDictionary<int, InputPort> _inputs = ImmutableDictionary<int, InputPort>.Empty;
    private long _horizon;
    private bool _hasInsertInput;

    /// <param name="link">The link to it.</param>
    /// <param name="state">The channel of checkpoints.</param>
    /// <param name="isRealTime">Whether what is waited for may be rendered in real time: not where its audio device may be, whose thread need not be.</param>
    /// <param name="ringWorkers">Something may have become possible.</param>
    /// <param name="runInserts">Renders what has come for inserts.</param>
    public HostPeer(IAudioLink link, StateChannel state, bool isRealTime, Action ringWorkers, Action runInserts)
    {
        (_link, _state, _isRealTime, _ringWorkers, _runInserts) = (link, state, isRealTime, ringWorkers, runInserts);
        _pump = new LinkPump(link, WriteWhatIsThere, ringWorkers);
    }

    /// <summary>Frames before this one may be rendered. [any]</summary>
    public long Horizon => Volatile.Read(ref _horizon);

    /// <summary>The subgraphs that talk through this peer. [any]</summary>
    public ImmutableArray<SubgraphRunner> Runners => _runners;

    /// <summary>Those that what is live waits for. [any]</summary>
    public ImmutableArray<SubgraphRunner> Inserts { get; private set; } = [];

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
        Inserts = [.. _runners.Where(one => one.IsInsert)];
    }

    /// <summary>Closes the streams of a subgraph. [control]</summary>
    public void Remove(SubgraphRunner runner)
    {
        runner.Leave();
        _runners = _runners.Remove(runner);
        Inserts = [.. _runners.Where(one => one.IsInsert)];
        _inputs = _inputs.RemoveRange(runner.Inputs.Select(port => port.StreamId));
        foreach (var stream in StreamsOf(runner))
        {
            // The pump may be sending it right now; it closes the stream when it is not.
            _closing.Enqueue(stream);
        }

        _pump.Ring();
    }

    /// <summary>A subgraph rendered or saved: there is something to send. What an insert has rendered is waited for, and sent on the calling thread. [any]</summary>
    public void Pass(SubgraphRunner runner, RunResult result)
    {
        if (result == RunResult.Saved)
        {
            _stateBell.Ring();
        }
        else if (runner.IsInsert)
        {
            _pump.Send(runner);
        }
        else
        {
            _pump.Ring();
        }
    }

    /// <summary>Moves everything until the link or the channel ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _link.Closed, _state.Closed);
        await using var rings = ending.Token.Register(static peer => ((HostPeer)peer!).RingAll(), this).ConfigureAwait(false);
        await _state.SendAsync(StateMessage.Ready, ending.Token).ConfigureAwait(false);
        Task[] loops = [LinkReceiver.RunAsync(_link, this, OnReceived, "link receiver", ending.Token), _pump.RunAsync(ending.Token), ReceiveStateAsync(ending.Token), PumpStateAsync(ending.Token)];
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
            if (port.IsOfInsert)
            {
                _hasInsertInput = true;
            }
            else
            {
                _ringWorkers();
            }
        }
    }

    void IAudioLinkReceiver.OnCredit(int streamId, long limitFrame) => _pump.Ring();

    void IAudioLinkReceiver.OnHorizon(long horizonFrame)
    {
        Volatile.Write(ref _horizon, horizonFrame);
        _ringWorkers();
    }

    /// <summary>All that had come is taken: what is waited for is rendered at once, where it came, and no thread has to be woken for it. [receiver]</summary>
    private void OnReceived()
    {
        if (_hasInsertInput)
        {
            _hasInsertInput = false;
            if (_isRealTime)
            {
                LiveThread.Raise();
            }

            _runInserts();
        }
    }

    private void RingAll()
    {
        _pump.Ring();
        _stateBell.Ring();
    }

    private bool WriteWhatIsThere()
    {
        var wrote = false;
        var budget = FlushBytes;
        CloseStreams();
        foreach (var runner in _runners)
        {
            wrote |= runner.Write(_link, ref budget);
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
                _pump.Ring();
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
