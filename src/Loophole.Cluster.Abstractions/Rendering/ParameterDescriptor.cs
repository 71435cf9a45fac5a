namespace Loophole.Cluster.Rendering;

/// <summary>A parameter of a processor.</summary>
/// <param name="Name">Lower camel case, unique in the processor.</param>
/// <param name="Minimum">Smallest value; smaller ones are clamped to it.</param>
/// <param name="Maximum">Largest value; larger ones are clamped to it.</param>
/// <param name="Default">The value when nothing is set.</param>
/// <param name="Unit"><c>lin</c>, <c>dB</c>, <c>Hz</c>, <c>s</c>, <c>ratio</c>, <c>bool</c>, or empty.</param>
/// <param name="IsFixed">Read once when the processor is made (it decides latency or memory); cannot be automated.</param>
public sealed record ParameterDescriptor(string Name, double Minimum, double Maximum, double Default, string Unit = "", bool IsFixed = false);
