using System.Text.Json;

namespace Loophole.Bench.Links;

/// <summary>What a satellite is asked to do with the next link: one line of JSON on its standard input.</summary>
/// <param name="Work">Which of the three.</param>
/// <param name="Shape">What a block period is.</param>
/// <param name="IsAsync">Whether it awaits.</param>
/// <param name="FlushesEach">Whether it flushes every block by itself.</param>
/// <param name="Warmup">Periods that do not count.</param>
/// <param name="Count">Periods that do.</param>
/// <param name="Start">Duplex: when the first period is due.</param>
internal sealed record Job(Work Work, Shape Shape, bool IsAsync = false, bool FlushesEach = false, int Warmup = 0, int Count = 0, long Start = 0)
{
    public string ToLine() => JsonSerializer.Serialize(this);

    public static Job Parse(string line) => JsonSerializer.Deserialize<Job>(line)!;
}

/// <summary>What a satellite can do.</summary>
internal enum Work
{
    /// <summary>Sends each period back.</summary>
    Echo,

    /// <summary>Takes all there is.</summary>
    Sink,

    /// <summary>Sends periods when they are due, and takes the peer's.</summary>
    Duplex,
}

/// <summary>What a satellite answers: one line of JSON on its standard output.</summary>
/// <param name="CpuNanoseconds">Processor time in the periods that count.</param>
/// <param name="AllocatedBytes">Allocated in them, by all threads.</param>
/// <param name="Late">Duplex: periods that came after their deadline.</param>
/// <param name="LateTimers">Duplex: what the control timer missed.</param>
internal sealed record Outcome(long CpuNanoseconds, long AllocatedBytes, int Late = 0, int LateTimers = 0)
{
    public string ToLine() => JsonSerializer.Serialize(this);

    public static Outcome Parse(string line) => JsonSerializer.Deserialize<Outcome>(line)!;
}
