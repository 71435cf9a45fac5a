using System.Collections.Immutable;
using System.Threading.Channels;
using Loophole.Cluster.Control;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Protocol;

namespace Loophole.Cluster.Sessions;

/// <summary>What Signals say during a render, as one queue: whoever sees the render through takes one thing at a time.</summary>
internal sealed class RenderHappenings
{
    public const string NothingPlays = "Nothing is played any more.";

    private readonly Channel<Happening> _queue = Channel.CreateUnbounded<Happening>(new UnboundedChannelOptions { SingleReader = true });

    public ChannelReader<Happening> Reader => _queue.Reader;

    /// <summary>Takes what is next as long as it can be done in one go with what was taken. [reader]</summary>
    /// <param name="first">What was taken.</param>
    /// <returns>All of it, in order.</returns>
    public ImmutableArray<Happening.ChangeAsked> TakeWith(Happening.ChangeAsked first)
    {
        var taken = ImmutableArray.Create(first).ToBuilder();
        while (_queue.Reader.TryPeek(out var next) && first.GoesWith(next) && _queue.Reader.TryRead(out next))
        {
            taken.Add((Happening.ChangeAsked)next);
        }

        return taken.ToImmutable();
    }

    /// <summary>A Signal is lost. [any]</summary>
    public void Lost(RemoteSignal signal) => _queue.Writer.TryWrite(new Happening.NodeLost(signal));

    /// <summary>A Signal was asked what it has done. [any]</summary>
    public void Measured(RemoteSignal signal, NodeMeasured measured) => _queue.Writer.TryWrite(new Happening.Measured(signal, measured));

    /// <summary>A Signal has come. [any]</summary>
    public void Joined(RemoteSignal signal) => _queue.Writer.TryWrite(new Happening.NodeJoined(signal));

    /// <summary>Somebody asks for something; refused at once when nothing is played any more. [any]</summary>
    public void Ask(Happening.Asked asked)
    {
        if (!_queue.Writer.TryWrite(asked))
        {
            asked.Refuse(NothingPlays);
        }
    }

    /// <summary>Takes nothing any more, and refuses what nobody took. [reader]</summary>
    public void End()
    {
        _queue.Writer.TryComplete();
        while (_queue.Reader.TryRead(out var happening))
        {
            (happening as Happening.Asked)?.Refuse(NothingPlays);
        }
    }

    /// <summary>Playing is to end. [any]</summary>
    public void Stop() => _queue.Writer.TryWrite(new Happening.StopAsked());

    /// <summary>A Signal sent an event; what is not about rendering, or comes from a satellite but is the host's to say, is ignored. [any]</summary>
    public void Told(RemoteSignal signal, Envelope envelope)
    {
        try
        {
            Take(signal, envelope);
        }
        catch (ControlException malformed)
        {
            // Nobody waits for an answer, so an event that cannot be read would leave the render waiting.
            signal.Lose(malformed.Message);
        }
    }

    private void Take(RemoteSignal signal, Envelope envelope)
    {
        if (envelope.Domain is "rendering" or "playback" && signal.Description?.Role != NodeRole.Host)
        {
            return;
        }

        switch (envelope.Domain, envelope.Name)
        {
            case ("rendering", "progress"):
                _queue.Writer.TryWrite(new Happening.Progress(Payload.Read<RenderingProgress>(envelope).PlayheadFrame));
                break;
            case ("playback", "position"):
                _queue.Writer.TryWrite(new Happening.Position(Payload.Read<PlayPosition>(envelope)));
                break;
            case ("playback", "gap"):
                var gap = Payload.Read<GapHeard>(envelope);
                _queue.Writer.TryWrite(gap.FindFault() is { } fault ? throw new ControlException("badGap", $"A gap cannot be: {fault}.") : new Happening.Gap(gap));
                break;
            case ("playback", "turned"):
                _queue.Writer.TryWrite(new Happening.HasTurned(Payload.Read<Turned>(envelope)));
                break;
            case ("rendering", "finished"):
                _queue.Writer.TryWrite(new Happening.Finished(Payload.Read<RenderingFinished>(envelope)));
                break;
            case ("rendering", "failed"):
                _queue.Writer.TryWrite(new Happening.Failed(Payload.Read<RenderingFailed>(envelope).Message));
                break;
            case ("rendering", "nodeFailed"):
                var failed = Payload.Read<NodeFailed>(envelope);
                _queue.Writer.TryWrite(new Happening.NodeCut(failed.Node, failed.Reason));
                break;
            case ("cluster", "subgraphFailed"):
                // A node that cannot go on with one subgraph gives no reason to trust it with the others.
                signal.Lose($"it cannot go on: {Payload.Read<SubgraphFailed>(envelope).Message}");
                break;
        }
    }
}
