using Loophole.Cluster.Placement;
using Loophole.Cluster.Settings;

namespace Loophole.Pulse;

/// <summary>Where the work of a session may go: as the command line says, or where that says nothing, as is set (<c>pulse cluster</c>).</summary>
internal static class DistributionChoice
{
    /// <param name="arguments">What the command line says.</param>
    /// <param name="storeFolder">Where settings are.</param>
    /// <param name="isLocal">Whether it is to be this machine alone.</param>
    /// <param name="isPolicySaid">Whether the command line says how much leaves the host.</param>
    /// <exception cref="IOException">The settings cannot be read.</exception>
    /// <exception cref="InvalidDataException">They are none.</exception>
    public static RenderArguments Apply(RenderArguments arguments, string storeFolder, bool isLocal, bool isPolicySaid)
    {
        if (arguments.InsecureLoopback || !File.Exists(Path.Combine(storeFolder, ClusterSettingsFile.FileName)))
        {
            return arguments;
        }

        var settings = ClusterSettingsFile.Read(storeFolder);
        var policy = settings.PolicyOf(arguments.ProjectName);
        var finds = !isLocal && arguments.Satellites == 0 && arguments.Nodes.Count == 0 && policy != DistributionPolicy.Off;
        return arguments with
        {
            Settings = settings,
            FindsNodes = finds,
            Policy = finds && !isPolicySaid ? policy : arguments.Policy,
            StoreFolder = finds ? storeFolder : arguments.StoreFolder,
        };
    }
}
