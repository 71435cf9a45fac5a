namespace Loophole.Bench.Playback;

/// <summary>How long callbacks took, in microseconds, how long the fixed work after each (its median), and what they allocated in all.</summary>
internal readonly record struct CallTimes(int Calls, double Median, double P99, double Longest, double FixedMedian, long AllocatedBytes);
