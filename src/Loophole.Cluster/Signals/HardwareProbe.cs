using System.Numerics;
using System.Runtime.InteropServices;
using Loophole.Cluster.Media;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.Signals;

/// <summary>Finds out what this Signal runs on.</summary>
internal static class HardwareProbe
{
    /// <summary>Takes some milliseconds. [any]</summary>
    public static HardwareProfile Run(IRendererFactory renderers, IMediaStore media, TimeProvider time) => new()
    {
        OperatingSystem = Short(RuntimeInformation.OSDescription),
        Processor = Short(ProcessorName()),
        VectorBits = 8 * Vector<byte>.Count,
        Speed = SpeedTest.Measure(renderers, media, time),
    };

    private static string ProcessorName()
    {
        const string Name = "model name";
        try
        {
            var line = OperatingSystem.IsLinux() ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) : null;
            return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return RuntimeInformation.ProcessArchitecture.ToString();
        }
    }

    private static string Short(string text) => text.Length <= HardwareProfile.MostCharacters ? text : text[..HardwareProfile.MostCharacters];
}
