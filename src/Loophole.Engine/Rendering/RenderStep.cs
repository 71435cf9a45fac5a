namespace Loophole.Engine.Rendering;

/// <summary>A compiled step.</summary>
/// <param name="Output">Where the main signal made lies.</param>
internal abstract record RenderStep(SignalSlot Output);
