using System.Buffers;
using Loophole.Cluster.Meters;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Playback;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Rings;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Live;

/// <summary>The part of the graph that is rendered in the audio callback, block by block as it is played; all else is rendered ahead and read from rings, or by inserts, which are
/// handed what they need and heard later.</summary>
/// <remarks>
/// <para>The callback and the output loop hand the renderer to each other. The callback has it as long as it can go on with it. Where it cannot, because what happens
/// next is not known yet, it gives the renderer up and plays a gap; the loop then renders what the callback left out, from the same inputs, faster than it is played, and
/// gives the renderer back once it has caught up. So nothing that is played afterwards is other than it would have been.</para>
/// <para>Another cohort can go on with what this one remembers: it is seized between two calls (<see cref="TrySeize"/>), saved, and not rendered any more.</para>
/// <para>Events are applied by the loop, ahead of the callback and beside it. What is applied is never taken back: a change comes after it (<see cref="Hold"/>).</para>
/// </remarks>
internal sealed class LiveCohort : IPlayedSignal, IDisposable
{
    private const int WithCallback = 0;
    private const int InCallback = 1;
    private const int WithLoop = 2;
    private const int Seized = 3;
    private const int Failed = 4;

    /// <summary>Events are applied at least this far ahead, as part of a second: the loop looks often, but a machine that is busy delays it.</summary>
    private const int EventLeadPart = 10;

    private readonly ILiveRenderer _renderer;
    private readonly int _blockFrames;
    private readonly long _eventLead;
    private readonly Lock _gate = new();
    private readonly PriorityQueue<RenderEvent, (long Frame, long Sequence)> _coming = new();
    private readonly float[] _played;
    private readonly float[] _caughtUp;
    private readonly int _heardOutput;
    private readonly Memory<float>[] _outputs;
    private readonly ReadOnlyMemory<float>[] _inputs;
    private ILiveInput[] _feeds = [];
    private NoteFeed? _notes;
    private ReturnFeed[] _returns = [];
    private FrameRing?[] _sent;
    private long _position;
    private long _known;
    private long _heldFrom = long.MaxValue;
    private long _foreseen;
    private long _applied;
    private int _holder = WithLoop;
    private Exception? _failure;

    /// <param name="renderer">Renders it, from frame 0. Disposed with this.</param>
    /// <param name="outputSignalId">The one of its outputs that is heard; the others are for inserts.</param>
    /// <param name="eventLeadFrames">How far ahead a change is at the least, in frames.</param>
    public LiveCohort(ILiveRenderer renderer, int outputSignalId, int eventLeadFrames)
    {
        (_renderer, _blockFrames) = (renderer, renderer.Plan.BlockFrames);
        Output = renderer.Plan.Outputs.Single(signal => signal.Id == outputSignalId);
        _heardOutput = renderer.Plan.Outputs.IndexOf(Output);
        _eventLead = Math.Max(eventLeadFrames, renderer.Plan.SampleRate / EventLeadPart);
        _played = new float[_blockFrames * AudioChannels];
        _caughtUp = new float[_played.Length];
        _outputs = new Memory<float>[renderer.Plan.Outputs.Length];
        _sent = new FrameRing?[_outputs.Length];
        _inputs = new ReadOnlyMemory<float>[renderer.Plan.Inputs.Length];
        Fade = new GapFade(AudioChannels);
    }

    /// <summary>What it renders.</summary>
    public SubgraphPlan Plan => _renderer.Plan;

    /// <summary>What its meters have measured, or <see langword="null"/> when nobody asked for that.</summary>
    public MeterTap? Meters { get; init; }

    /// <summary>What is heard of it.</summary>
    public PlanSignal Output { get; }

    /// <summary>What it hands to inserts.</summary>
    public IEnumerable<PlanSignal> Sent => Plan.Outputs.Where(signal => signal != Output);

    /// <summary>Whether it plays notes that the device hears.</summary>
    public bool HearsNotes => Plan.Steps.OfType<ChannelStep>().Any(step => step.Notes?.HearsDevice == true);

    /// <inheritdoc/>
    public int AudioChannels => Output.AudioChannels;

    /// <inheritdoc/>
    public GapFade Fade { get; set; }

    /// <summary>Render frame of the next block; inputs before it are not needed any more. [any]</summary>
    public long Position => Volatile.Read(ref _position);

    /// <inheritdoc/>
    public long Reached
    {
        get
        {
            var reached = Volatile.Read(ref _foreseen);
            foreach (var feed in _feeds)
            {
                reached = Math.Min(reached, feed.Reached);
            }

            return reached;
        }
    }

    /// <summary>Render frame up to which every insert has answered; <see langword="null"/> without inserts. [any]</summary>
    public long? Answered => _returns.Length == 0 ? null : _returns.Min(heard => heard.There);

    /// <summary>Whether the callback renders it, and has not left anything out. [any]</summary>
    public bool IsWithCallback => Volatile.Read(ref _holder) is WithCallback or InCallback;

    /// <summary>Why it cannot be rendered any more, or <see langword="null"/>. [any]</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Whether the callback can begin: nothing is left out, and inserts have answered all that they were handed. [any]</summary>
    public bool IsReady => IsWithCallback && _returns.All(heard => heard.Made >= Position);

    /// <summary>Sets what it reads and where it puts what is for inserts, before it is first followed.</summary>
    /// <param name="notes">What the device hears besides, or <see langword="null"/>.</param>
    /// <param name="feeds">As the plan's inputs, in order.</param>
    /// <param name="sent">As <see cref="Sent"/>, in order: filled and published by this. It rests as long as one of them is full.</param>
    public void Connect(NoteFeed? notes, ILiveInput[] feeds, params ReadOnlySpan<FrameRing> sent)
    {
        (_notes, _feeds, _returns) = (notes, feeds, [.. feeds.OfType<ReturnFeed>()]);
        FrameRing?[] rings = [.. sent];
        _sent = [.. rings[.._heardOutput], null, .. rings[_heardOutput..]];
    }

    /// <summary>Takes note of events, and of up to where no others will follow. One that comes too late for its frame is a <see cref="Failure"/>. [control, events receiver]</summary>
    public void Tell(IReadOnlyCollection<RenderEvent> events, long knownBefore)
    {
        lock (_gate)
        {
            if (events.FirstOrDefault(change => change.Frame < _applied) is { } late)
            {
                Fail(new InvalidOperationException($"what happens at frame {late.Frame} was told when all before frame {_applied} was known"));
            }

            Add(events);
            _known = knownBefore;
            Foresee();
        }
    }

    /// <summary>Lets nothing be applied from a frame on, until <see cref="GoOn"/>. [one caller]</summary>
    /// <returns>The frame; later than asked for where that has been applied.</returns>
    public long Hold(long frame)
    {
        lock (_gate)
        {
            _heldFrom = Math.Max(frame, _applied);
            Foresee();
            return _heldFrom;
        }
    }

    /// <summary>Ends a hold: everybody whom the change concerns knows of it. [one caller]</summary>
    public void GoOn()
    {
        lock (_gate)
        {
            _heldFrom = long.MaxValue;
            Foresee();
        }
    }

    /// <summary>Replaces the events from a frame on, as far as they are not applied; those that are stay as they are. [control]</summary>
    public void Revise(long fromFrame, IEnumerable<RenderEvent> events, long knownBefore)
    {
        lock (_gate)
        {
            var kept = _coming.UnorderedItems.Select(item => item.Element).Where(change => change.Frame < fromFrame).ToArray();
            _coming.Clear();
            Add(kept);
            Add(events.Where(change => change.Frame >= _applied));
            _known = knownBefore;
            Foresee();
        }
    }

    /// <summary>Takes it from the callback, if that is not at work and has left nothing out. [turn thread]</summary>
    public bool TrySeize() => Interlocked.CompareExchange(ref _holder, Seized, WithCallback) == WithCallback;

    /// <summary>Gives it back; what the callback has missed meanwhile is caught up with. [turn thread]</summary>
    public void GiveBack() => Volatile.Write(ref _holder, WithLoop);

    /// <summary>Writes what it remembers at <see cref="Position"/>. [turn thread, while it is seized]</summary>
    public void Save(IBufferWriter<byte> destination) => _renderer.Save(destination);

    /// <summary>Applies what happens soon after a frame that is heard. [any]</summary>
    public void Prepare(long playhead) => Apply(playhead + _eventLead);

    /// <summary>Lets it begin at a frame. [turn thread, before it is first followed]</summary>
    /// <exception cref="RenderException">The checkpoint does not fit.</exception>
    public void BeginAt(long position, ReadOnlySpan<byte> checkpoint)
    {
        _renderer.Restore(position, checkpoint);
        Volatile.Write(ref _position, position);
    }

    /// <summary>Applies what happens next, and renders what the callback could not, up to where it is. [turn thread, before it is played]</summary>
    public void CatchUp(OutputFeed feed)
    {
        GiveBack();
        Follow(feed);
    }

    /// <summary>Applies what happens next, and catches up with the callback where it has given up. [output loop]</summary>
    /// <param name="feed">What plays this.</param>
    public void Follow(OutputFeed feed)
    {
        try
        {
            Apply(feed.Playhead + _eventLead);
            RenderMissed(feed);
        }
        catch (Exception failure)
        {
            // Whatever a renderer throws: nothing is rendered any more, and the loop says why.
            Fail(failure);
        }
    }

    /// <inheritdoc/>
    public int Contiguous(long frame, int frames)
    {
        frames = Math.Min(frames, _blockFrames);
        foreach (var feed in _feeds)
        {
            frames = feed.Contiguous(frame, frames);
        }

        foreach (var ring in _sent)
        {
            frames = ring?.Contiguous(frame, frames) ?? frames;
        }

        return frames;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Take(long frame, int frames, long limit, ref int missing)
    {
        var samples = _played.AsSpan(0, frames * AudioChannels);
        if (Interlocked.CompareExchange(ref _holder, InCallback, WithCallback) != WithCallback || !TryRender(frame, frames, limit, ref missing))
        {
            Fade.Gap(samples);
            missing = frames;
        }
        else
        {
            Fade.Sound(samples);
        }

        return samples;
    }

    public void Dispose() => _renderer.Dispose();

    private void Add(IEnumerable<RenderEvent> events)
    {
        foreach (var change in events)
        {
            _coming.Enqueue(change, (change.Frame, change.Sequence));
        }
    }

    private bool TryRender(long frame, int frames, long limit, ref int missing)
    {
        if (_position != frame || frame + frames > Volatile.Read(ref _applied) || !HasRoom(frame + frames))
        {
            Volatile.Write(ref _holder, WithLoop);
            return false;
        }

        try
        {
            Render(_played, frame, frames, limit, ref missing);
            Volatile.Write(ref _holder, WithCallback);
            return true;
        }
        catch (Exception failure)
        {
            Fail(failure);
            return false;
        }
    }

    private void Fail(Exception failure)
    {
        Volatile.Write(ref _failure, failure);
        Volatile.Write(ref _holder, Failed);
    }

    private void Render(float[] output, long frame, int frames, long limit, ref int missing)
    {
        for (var input = 0; input < _inputs.Length; input++)
        {
            _inputs[input] = _feeds[input].Read(frame, frames, limit, ref missing);
        }

        for (var at = 0; at < _outputs.Length; at++)
        {
            _outputs[at] = _sent[at]?.Memory(frame, frames) ?? output.AsMemory(0, frames * AudioChannels);
        }

        if (_notes is not null)
        {
            _renderer.Hear(_notes.Read(frame, frames, ref missing));
        }

        _renderer.Render(frames, _inputs, _outputs);
        Volatile.Write(ref _position, frame + frames);
        foreach (var ring in _sent)
        {
            ring?.Publish(frame + frames);
        }

        Meters?.Drain();
    }

    private bool HasRoom(long end)
    {
        foreach (var ring in _sent)
        {
            if (ring?.WriteLimit < end)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsThere(long end)
    {
        foreach (var feed in _feeds)
        {
            if (feed.There < end)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Under the gate.</summary>
    private void Foresee() => Volatile.Write(ref _foreseen, Math.Min(_known, _heldFrom));

    private void Apply(long beforeFrame)
    {
        lock (_gate)
        {
            var limit = Math.Min(beforeFrame, _foreseen);
            while (_coming.TryPeek(out var next, out _) && next.Frame < limit)
            {
                _renderer.Apply(_coming.Dequeue());
            }

            // After the events: what is rendered before it has them all.
            Volatile.Write(ref _applied, Math.Max(_applied, limit));
        }
    }

    /// <summary>Renders what the callback could not, up to where it is, and lets it go on from there.</summary>
    private void RenderMissed(OutputFeed feed)
    {
        while (Volatile.Read(ref _holder) == WithLoop)
        {
            var behind = feed.Playhead - _position;
            if (behind <= 0)
            {
                // Ahead when the callback gave up half-way through a block that it is still in: it will say so again.
                Volatile.Write(ref _holder, WithCallback);
                return;
            }

            // The limit first, for the reason that the callback reads it first.
            var limit = Math.Min(feed.Limit, _applied);
            var frames = Contiguous(_position, (int)Math.Min(behind, _blockFrames));
            var end = _position + frames;
            if (end > limit || !IsThere(end) || !HasRoom(end))
            {
                return;
            }

            // Nobody hears it: the callback is past it, and fills what it plays with a gap.
            var missing = 0;
            Render(_caughtUp, _position, frames, limit, ref missing);
        }
    }
}
