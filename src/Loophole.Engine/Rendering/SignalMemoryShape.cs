namespace Loophole.Engine.Rendering;

/// <summary>The shape of a renderer's signal memory.</summary>
/// <param name="Stride">Samples from one audio channel's run to the next; at least the plan's block size.</param>
/// <param name="SampleCount">Samples altogether.</param>
/// <param name="Delayed">Where an input is put after its edge delay; as wide as the widest delayed input.</param>
/// <param name="Spare">One run for intermediate values of one step.</param>
internal sealed record SignalMemoryShape(int Stride, int SampleCount, SignalSlot Delayed, SignalSlot Spare);
