namespace Loophole.Engine.Rendering;

/// <summary>A compiled input of a sum.</summary>
/// <param name="Slot">Where the signal lies.</param>
/// <param name="DelayFrames">Its edge delay, 0 for none.</param>
internal readonly record struct SumRenderInput(SignalSlot Slot, int DelayFrames);
