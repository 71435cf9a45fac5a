using Loophole.Cluster.Rendering;
using Loophole.Engine.Timeline;

namespace Loophole.Engine.Rendering;

/// <summary>A compiled parameter.</summary>
/// <param name="Descriptor">What it is.</param>
/// <param name="Value">The value in force where there is no automation; in range.</param>
/// <param name="Automation">The automation, or <see langword="null"/>.</param>
internal sealed record RenderParameter(ParameterDescriptor Descriptor, double Value, AutomationCurve? Automation);
