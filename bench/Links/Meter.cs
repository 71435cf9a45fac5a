namespace Loophole.Bench.Links;

/// <summary>What this process uses from a moment on.</summary>
internal readonly struct Meter(long cpu, long allocated, long begin)
{
    public static Meter Start() => new(BenchClock.Cpu, GC.GetTotalAllocatedBytes(precise: true), BenchClock.Now);

    public long Wall => BenchClock.Now - begin;

    public Outcome Read() => new(BenchClock.Cpu - cpu, GC.GetTotalAllocatedBytes(precise: true) - allocated);
}
