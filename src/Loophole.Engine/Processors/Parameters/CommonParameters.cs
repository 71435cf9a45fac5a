using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Processors.Parameters;

/// <summary>Parameters that several processors have.</summary>
internal static class CommonParameters
{
    public static readonly ParameterDescriptor InputGain = new("inputGain", -60, 60, 0, "dB");
    public static readonly ParameterDescriptor OutputGain = new("outputGain", -60, 60, 0, "dB");
    public static readonly ParameterDescriptor Enabled = new("enabled", 0, 1, 1, "bool");
}
