using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Rendering;

/// <summary>The signals of a plan: who makes each, where its samples lie, and after which step nobody reads it any more.</summary>
/// <remarks>Used in two passes over the steps: first every making and reading is told, then slots are taken and given back.</remarks>
internal sealed class SignalTable(int stride)
{
    /// <summary>The step number of what exists before the first step.</summary>
    public const int BeforeSteps = -1;

    private const int Forever = int.MaxValue;

    private readonly Dictionary<int, Entry> _entries = [];
    private readonly Stack<int>[] _freeOffsets = new Stack<int>[RenderLimits.MaxAudioChannels + 1];

    /// <summary>Samples taken so far.</summary>
    public long SampleCount { get; private set; }

    /// <summary>First pass: a signal is made.</summary>
    /// <exception cref="RenderException">It has an impossible size or number, or is made twice.</exception>
    public void Make(PlanSignal signal, int step, string maker)
    {
        if (signal.Id < 0)
        {
            throw BadPlan($"{maker} makes signal {signal.Id}; the numbers of signals start at 0.");
        }

        if (signal.AudioChannels is < 1 or > RenderLimits.MaxAudioChannels)
        {
            throw BadPlan($"{maker} makes signal {signal.Id} with {signal.AudioChannels} audio channels; 1 to {RenderLimits.MaxAudioChannels} are possible.");
        }

        if (!_entries.TryAdd(signal.Id, new Entry(signal.AudioChannels, step)))
        {
            throw BadPlan($"{maker} makes signal {signal.Id}, which is made already.");
        }

        if (_entries.Count > RenderLimits.MaxSignals)
        {
            throw BadPlan($"The plan makes more than {RenderLimits.MaxSignals} signals.");
        }
    }

    /// <summary>First pass: a step reads a signal.</summary>
    /// <returns>The signal's audio channels.</returns>
    /// <exception cref="RenderException">Nothing before the step makes it.</exception>
    public int Read(int signalId, int step, string reader)
    {
        if (!_entries.TryGetValue(signalId, out var entry))
        {
            throw BadPlan($"{reader} reads signal {signalId}, which no input and no earlier step makes.");
        }

        entry.LastRead = Math.Max(entry.LastRead, step);
        return entry.AudioChannels;
    }

    /// <summary>First pass: a signal leaves the plan.</summary>
    /// <exception cref="RenderException">Nothing makes it, or with another width, or it leaves twice.</exception>
    public void Keep(PlanSignal output)
    {
        var width = Read(output.Id, BeforeSteps, "The plan's outputs");
        if (width != output.AudioChannels)
        {
            throw BadPlan($"Output signal {output.Id} has {width} audio channels where it is made and {output.AudioChannels} where it leaves.");
        }

        if (_entries[output.Id].LastRead == Forever)
        {
            throw BadPlan($"Signal {output.Id} stands twice among the plan's outputs.");
        }

        _entries[output.Id].LastRead = Forever;
    }

    /// <summary>Second pass: where a signal lies.</summary>
    public SignalSlot SlotOf(int signalId) => _entries[signalId].Slot;

    /// <summary>Second pass: gives a signal samples of its own.</summary>
    public SignalSlot Take(PlanSignal signal)
    {
        var free = _freeOffsets[signal.AudioChannels];
        if (free is not { Count: > 0 })
        {
            return _entries[signal.Id].Slot = TakeNew(signal.AudioChannels);
        }

        return _entries[signal.Id].Slot = new SignalSlot(free.Pop(), signal.AudioChannels);
    }

    /// <summary>Second pass: gives a signal the samples of one that its step reads last, so that the step works in place.</summary>
    /// <returns>Whether that is possible.</returns>
    public bool TryInherit(PlanSignal signal, int fromSignalId, int step)
    {
        var from = _entries[fromSignalId];
        if (from.LastRead != step || from.AudioChannels != signal.AudioChannels)
        {
            return false;
        }

        from.IsGivenBack = true;
        _entries[signal.Id].Slot = from.Slot;
        return true;
    }

    /// <summary>Second pass: after a step, a signal that it read or made is given back when nobody reads it later.</summary>
    public void GiveBack(int signalId, int step)
    {
        var entry = _entries[signalId];
        if (entry.LastRead > step || entry.IsGivenBack)
        {
            return;
        }

        entry.IsGivenBack = true;
        (_freeOffsets[entry.AudioChannels] ??= new Stack<int>()).Push(entry.Slot.Offset);
    }

    /// <summary>Second pass: samples that belong to no signal.</summary>
    /// <exception cref="RenderException">The plan needs more memory than a renderer may take.</exception>
    public SignalSlot TakeNew(int audioChannels)
    {
        var slot = new SignalSlot((int)SampleCount, audioChannels);
        SampleCount += (long)audioChannels * stride;
        return SampleCount * sizeof(float) <= RenderLimits.MaxMemoryBytes
            ? slot
            : throw BadPlan($"The plan's signals need more than {RenderLimits.MaxMemoryBytes} bytes.");
    }

    private static RenderException BadPlan(string message) => new(RenderError.BadPlan, message);

    private sealed class Entry(int audioChannels, int madeAt)
    {
        public int AudioChannels { get; } = audioChannels;

        /// <summary>The last step that needs it; the one that makes it when nobody reads it.</summary>
        public int LastRead { get; set; } = madeAt;

        public SignalSlot Slot { get; set; }

        public bool IsGivenBack { get; set; }
    }
}
