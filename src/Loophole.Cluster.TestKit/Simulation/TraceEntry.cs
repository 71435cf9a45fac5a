namespace Loophole.Cluster.TestKit.Simulation;

/// <summary>One thing that happened on a simulated network.</summary>
/// <param name="Time">Since the network was made.</param>
/// <param name="From">Where the link comes from.</param>
/// <param name="To">Where it goes.</param>
/// <param name="Channel">Number of the channel in the order they were made, from 1; 0 for the link itself.</param>
/// <param name="Event">What happened.</param>
/// <param name="Number">See <see cref="TraceEvent"/>.</param>
public readonly record struct TraceEntry(TimeSpan Time, string From, string To, int Channel, TraceEvent Event, long Number);
