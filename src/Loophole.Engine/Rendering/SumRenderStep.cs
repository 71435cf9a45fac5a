using System.Collections.Immutable;

namespace Loophole.Engine.Rendering;

/// <summary>A compiled sum.</summary>
/// <param name="Output">The sum; may be the slot of the first input, which then becomes the sum in place.</param>
/// <param name="Inputs">What is added, in order.</param>
internal sealed record SumRenderStep(SignalSlot Output, ImmutableArray<SumRenderInput> Inputs) : RenderStep(Output);
