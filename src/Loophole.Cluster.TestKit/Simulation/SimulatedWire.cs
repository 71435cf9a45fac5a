using Loophole.Cluster.Protocol;
using Loophole.Cluster.TestKit.Impairment;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Simulation;

/// <summary>What lies between the two ends of a simulated connection: a link each way, and two flows per channel.</summary>
internal sealed class SimulatedWire : ILinkUser
{
    private static readonly TransportException CutError = new(TransportError.PeerReset, "The way to the peer was cut.");

    private readonly SimulatedNetwork _network;
    private readonly ImpairedLink _there;
    private readonly ImpairedLink _back;
    private readonly Lock _gate = new();
    private readonly List<ImpairedFlow> _flows = [];
    private bool _isSevered;
    private int _ends;

    public SimulatedWire(SimulatedNetwork network, ImpairedLink there, ImpairedLink back, Uri remote, Uri client)
    {
        _network = network;
        _there = there;
        _back = back;
        var (near, far) = CreatePair(ChannelPurpose.Control, fromNear: true);
        Near = new SimulatedConnection(this, near, remote);
        Far = new SimulatedConnection(this, far, client);
        _there.Add(this);
        _back.Add(this);
    }

    /// <summary>The end that connected.</summary>
    public SimulatedConnection Near { get; }

    /// <summary>The end that accepts.</summary>
    public SimulatedConnection Far { get; }

    public void Wake()
    {
        foreach (var flow in Flows())
        {
            flow.Wake();
        }
    }

    public void Cut()
    {
        if (TrySever())
        {
            foreach (var flow in Flows())
            {
                flow.Cut();
            }

            Near.LoseSoon("The simulated network cut the connection.");
            Far.LoseSoon("The simulated network cut the connection.");
        }
    }

    public void HalfOpen(ImpairedLink link)
    {
        if (TrySever())
        {
            foreach (var flow in Flows())
            {
                flow.Silence();
            }

            (link == _there ? Near : Far).LoseSoon("The simulated network lost the connection at this end.");
        }
    }

    /// <summary>Sends a message that vanishes with the connection.</summary>
    public void Post(bool fromNear, Action message) => LinkFrom(fromNear).Post(() =>
    {
        if (!Volatile.Read(ref _isSevered))
        {
            message();
        }
    });

    public async ValueTask<PipeClusterChannel> OpenAsync(SimulatedConnection from, ChannelPurpose purpose, CancellationToken cancellationToken)
    {
        var fromNear = from == Near;
        var (near, far) = CreatePair(purpose, fromNear);
        var request = new PendingRequest();
        Post(fromNear, () =>
        {
            if (request.TryTake())
            {
                var isTaken = (fromNear ? Far : Near).TryTake(far);
                Post(!fromNear, () => request.Answer(isTaken ? null : new TransportException(TransportError.Refused, $"{from.RemoteEndPoint} refused a {purpose} channel.")));
                if (!isTaken)
                {
                    // On the pool, because disposal takes the channel's locks.
                    ThreadPool.UnsafeQueueUserWorkItem(static refused => _ = refused.DisposeAsync().AsTask(), far, preferLocal: false);
                }
            }
        });
        try
        {
            await request.WaitAsync(
                _network.Time, _network.ConnectTimeout, $"{from.RemoteEndPoint} did not open a {purpose} channel", from.Closed, cancellationToken).ConfigureAwait(false);
            return near;
        }
        catch
        {
            near.Abort("It was not opened.");
            await near.DisposeAsync().ConfigureAwait(false);
            if (request.TryTake())
            {
                await far.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>One end is closed; when both are, no fault can meet the wire any more.</summary>
    public void EndOne()
    {
        if (Interlocked.Increment(ref _ends) == 2)
        {
            _there.Remove(this);
            _back.Remove(this);
        }
    }

    private (SimulatedChannel Near, SimulatedChannel Far) CreatePair(ChannelPurpose purpose, bool fromNear)
    {
        var number = _network.NextChannel();
        LinkFrom(fromNear).Trace(number, TraceEvent.Opened, (long)purpose);
        var (nearPipe, farPipe) = (new FlowPipe(_network.PipeOptions), new FlowPipe(_network.PipeOptions));
        SimulatedChannel near = null!, far = null!;
        near = new SimulatedChannel(nearPipe, purpose, () => Reset(fromNear, number, far));
        far = new SimulatedChannel(farPipe, purpose, () => Reset(!fromNear, number, near));
        far.Attach(AddFlow(fromNear, nearPipe, farPipe, purpose, number, near));
        near.Attach(AddFlow(!fromNear, farPipe, nearPipe, purpose, number, far));
        return (near, far);
    }

    private ImpairedFlow AddFlow(bool fromNear, FlowPipe source, FlowPipe destination, ChannelPurpose purpose, int number, SimulatedChannel sender)
    {
        var link = LinkFrom(fromNear);
        Action onEnd = purpose == ChannelPurpose.Control ? () => (fromNear ? Far : Near).EndByPeer() : static () => { };
        var flow = new ImpairedFlow(
            link, source.Written, destination.Arriving, number, _network.SeedOf(link.From, link.To, number), onEnd, sender.TellAborted, CutError);
        source.Attach(flow);
        lock (_gate)
        {
            _flows.Add(flow);
            if (_isSevered)
            {
                flow.Silence();
            }
        }

        return flow;
    }

    private void Reset(bool fromNear, int number, SimulatedChannel peer)
    {
        LinkFrom(fromNear).Trace(number, TraceEvent.Aborted, 0);
        Post(fromNear, () => peer.FailSoon("The peer aborted the channel."));
    }

    private bool TrySever()
    {
        lock (_gate)
        {
            return !_isSevered && (_isSevered = true);
        }
    }

    private ImpairedLink LinkFrom(bool near) => near ? _there : _back;

    private ImpairedFlow[] Flows()
    {
        lock (_gate)
        {
            _flows.RemoveAll(static flow => flow.IsOver);
            return [.. _flows];
        }
    }
}
