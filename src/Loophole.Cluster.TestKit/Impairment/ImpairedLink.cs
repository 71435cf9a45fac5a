using Loophole.Cluster.TestKit.Simulation;

namespace Loophole.Cluster.TestKit.Impairment;

/// <summary>One direction between two places: its conditions, and what befalls it. Safe for concurrent use.</summary>
public sealed class ImpairedLink
{
    private readonly Lock _gate = new();
    private readonly Random _random;
    private readonly NetworkTrace? _trace;
    private readonly List<ILinkUser> _users = [];
    private readonly List<(long Offset, Fault Fault)> _byteSteps = [];
    private readonly Queue<Action> _held = new();
    private LinkConditions _conditions;
    private readonly List<(long Bytes, TaskCompletionSource Seen)> _waiting = [];
    private long _taken;
    private long _delivered;
    private long _blockedUntil;
    private long _busyStart;
    private long _busyBytes;
    private long _busyUntil;
    private byte _mask;

    internal ImpairedLink(string from, string to, LinkConditions conditions, int seed, Agenda agenda, NetworkTrace? trace)
    {
        From = from;
        To = to;
        _conditions = conditions;
        _random = new Random(seed);
        Agenda = agenda;
        _trace = trace;
    }

    /// <summary>Where the bytes come from. [any]</summary>
    public string From { get; }

    /// <summary>Where they go. [any]</summary>
    public string To { get; }

    /// <summary>What the link does to all that is sent from now on. [any]</summary>
    public LinkConditions Conditions
    {
        get => Volatile.Read(ref _conditions);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Apply(Fault.Change(value));
        }
    }

    /// <summary>Bytes that have arrived, over all connections. [any]</summary>
    public long BytesDelivered => Interlocked.Read(ref _delivered);

    internal Agenda Agenda { get; }

    /// <summary>Bytes that senders have given it, over all connections, whether they have arrived or not.</summary>
    internal long BytesTaken => Interlocked.Read(ref _taken);

    internal bool IsBlocked => Interlocked.Read(ref _blockedUntil) > Agenda.Now;

    private bool IsBlackHole => Interlocked.Read(ref _blockedUntil) == long.MaxValue;

    /// <summary>Makes a fault happen now. [any]</summary>
    /// <param name="fault">What happens.</param>
    public void Apply(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        _trace?.Add(Agenda.Now, this, 0, TraceEvent.Fault, (long)fault.Kind);
        switch (fault.Kind)
        {
            case FaultKind.Stall:
                Block(Agenda.Now + fault.Duration.Ticks);
                break;
            case FaultKind.BlackHole:
                Interlocked.Exchange(ref _blockedUntil, long.MaxValue);
                break;
            case FaultKind.Resume:
                Interlocked.Exchange(ref _blockedUntil, 0);
                WakeAll();
                break;
            case FaultKind.Cut:
                ForEachUser(static (user, _) => user.Cut());
                break;
            case FaultKind.HalfOpen:
                ForEachUser(static (user, link) => user.HalfOpen(link));
                break;
            case FaultKind.Corrupt:
                lock (_gate)
                {
                    _mask = fault.Mask;
                }

                break;
            default:
                Change(fault.Conditions!);
                break;
        }
    }

    /// <summary>Starts a script: its moments count from now. Several may run at a time. [any]</summary>
    /// <param name="script">What happens when.</param>
    public void Run(FaultScript script)
    {
        ArgumentNullException.ThrowIfNull(script);
        var now = Agenda.Now;
        lock (_gate)
        {
            foreach (var step in script.Steps.Where(s => s.Bytes is not null))
            {
                var offset = _delivered + step.Bytes!.Value;
                var after = _byteSteps.FindIndex(s => s.Offset > offset);
                _byteSteps.Insert(after < 0 ? _byteSteps.Count : after, (offset, step.Fault));
            }
        }

        RunByteSteps();
        foreach (var step in script.Steps.Where(s => s.Time is not null))
        {
            Agenda.At(now + step.Time!.Value.Ticks, () => Apply(step.Fault));
        }
    }

    /// <summary>Completes when <see cref="BytesTaken"/> has come to a number.</summary>
    internal Task WaitUntilTakenAsync(long bytes, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_taken >= bytes)
            {
                return Task.CompletedTask;
            }

            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((bytes, seen));
            return seen.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>A sender has given it bytes, and those of them that may arrive at once have.</summary>
    internal void Take(long bytes)
    {
        if (bytes == 0)
        {
            return;
        }

        lock (_gate)
        {
            Interlocked.Add(ref _taken, bytes);
            foreach (var (_, seen) in _waiting.Where(w => w.Bytes <= _taken))
            {
                seen.SetResult();
            }

            _waiting.RemoveAll(w => w.Bytes <= _taken);
        }
    }

    internal void Add(ILinkUser user)
    {
        lock (_gate)
        {
            _users.Add(user);
        }
    }

    internal void Remove(ILinkUser user)
    {
        lock (_gate)
        {
            _users.Remove(user);
        }
    }

    /// <summary>Sends a message of no size, such as a request for a channel: delivered after the delay, and after any block.</summary>
    internal void Post(Action message)
    {
        long due;
        lock (_gate)
        {
            due = Agenda.Now + _conditions.DrawDelayTicks(_random);
        }

        Agenda.At(due, () => Arrive(message));
    }

    /// <summary>When a segment sent now arrives.</summary>
    internal long Schedule(int bytes, Random random, bool isDatagram = false)
    {
        lock (_gate)
        {
            var now = Agenda.Now;
            var left = now;
            if (_conditions.BytesPerSecond > 0)
            {
                if (_busyUntil <= now)
                {
                    (_busyStart, _busyBytes) = (now, 0);
                }

                // From the start of the busy time, so that no rounding adds up.
                _busyBytes += bytes;
                left = _busyUntil = _busyStart + (long)(((((Int128)_busyBytes) * TimeSpan.TicksPerSecond) + _conditions.BytesPerSecond - 1) / _conditions.BytesPerSecond);
            }

            return left + (isDatagram ? _conditions.Delay.DrawTicks(random) : _conditions.DrawDelayTicks(random));
        }
    }

    /// <summary>Asks to deliver bytes now. Stops at the next step that counts bytes: call <see cref="RunByteSteps"/> after the delivery.</summary>
    /// <returns>How many of them; 0 when none may pass. The first one is flipped by the mask.</returns>
    internal int Claim(int bytes, out byte mask, bool ignoresBlock = false)
    {
        lock (_gate)
        {
            mask = 0;
            if (IsBlocked && !ignoresBlock)
            {
                return 0;
            }

            var count = _byteSteps.Count > 0 ? (int)Math.Min(bytes, _byteSteps[0].Offset - _delivered) : bytes;
            if (count > 0 && _mask != 0)
            {
                (mask, _mask, count) = (_mask, 0, 1);
            }

            Interlocked.Add(ref _delivered, count);
            return count;
        }
    }

    /// <summary>Sends a datagram, which may be lost.</summary>
    /// <param name="bytes">Its length.</param>
    /// <param name="message">Delivers it; runs at most once, after the delay and after a stall.</param>
    /// <param name="onLost">Runs when it is lost instead.</param>
    internal void PostDatagram(int bytes, Action message, Action onLost)
    {
        bool isLost;
        long due = 0;
        lock (_gate)
        {
            isLost = _conditions.DrawLoss(_random) || IsBlackHole;
            if (!isLost)
            {
                due = Schedule(bytes, _random, isDatagram: true);
            }
        }

        if (isLost)
        {
            onLost();
        }
        else
        {
            Agenda.At(due, () => Arrive(IsBlackHole ? onLost : message));
        }

        Take(bytes);
    }

    /// <summary>Lets a datagram arrive, with what happens at its bytes.</summary>
    internal void Pass(Span<byte> datagram)
    {
        while (!datagram.IsEmpty)
        {
            RunByteSteps();
            var count = Claim(datagram.Length, out var mask, ignoresBlock: true);
            if (count > 0)
            {
                datagram[0] ^= mask;
                datagram = datagram[count..];
            }
        }

        RunByteSteps();
    }

    /// <summary>Makes happen what was to happen at the byte reached.</summary>
    internal void RunByteSteps()
    {
        while (true)
        {
            Fault fault;
            lock (_gate)
            {
                if (_byteSteps.Count == 0 || _byteSteps[0].Offset > _delivered)
                {
                    return;
                }

                fault = _byteSteps[0].Fault;
                _byteSteps.RemoveAt(0);
            }

            Apply(fault);
        }
    }

    internal void Trace(int channel, TraceEvent what, long bytes) => _trace?.Add(Agenda.Now, this, channel, what, bytes);

    private void Change(LinkConditions conditions)
    {
        lock (_gate)
        {
            Volatile.Write(ref _conditions, conditions);

            // What is under way keeps its times; the new rate counts from when the link is free.
            (_busyStart, _busyBytes) = (Math.Max(Agenda.Now, _busyUntil), 0);
        }
    }

    private void Block(long until)
    {
        Interlocked.Exchange(ref _blockedUntil, until);
        Agenda.At(until, WakeAll);
    }

    private void Arrive(Action message)
    {
        lock (_gate)
        {
            if (IsBlocked || _held.Count > 0)
            {
                _held.Enqueue(message);
                return;
            }
        }

        message();
    }

    private void WakeAll()
    {
        while (TryRelease(out var message))
        {
            message();
        }

        if (!IsBlocked)
        {
            ForEachUser(static (user, _) => user.Wake());
        }
    }

    private bool TryRelease(out Action message)
    {
        lock (_gate)
        {
            message = null!;
            return !IsBlocked && _held.TryDequeue(out message!);
        }
    }

    private void ForEachUser(Action<ILinkUser, ImpairedLink> action)
    {
        ILinkUser[] users;
        lock (_gate)
        {
            users = [.. _users];
        }

        foreach (var user in users)
        {
            action(user, this);
        }
    }
}
