using System.Text.Json;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Settings;

/// <summary>Keeps <see cref="ClusterSettings"/> in a file, which any number of processes may change.</summary>
/// <remarks>The file (<see cref="FileName"/>) has mode 0600 in a folder of mode 0700 and is replaced as a whole; changes lock <c>cluster.lock</c> beside it. No file is <see cref="ClusterSettings.Default"/>.</remarks>
public static class ClusterSettingsFile
{
    /// <summary>Name of the file in its folder.</summary>
    public const string FileName = "cluster.json";

    private const int MaxLength = 4 << 20;

    /// <summary>Reads the settings. [any]</summary>
    /// <param name="folder">Where the file is; made with mode 0700 when it is not there.</param>
    /// <returns>What is set.</returns>
    /// <exception cref="IOException">Others may use folder or file, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file has no settings; the message names it and what is wrong in it.</exception>
    public static ClusterSettings Read(string folder)
    {
        PrivateFiles.EnsureFolder(folder);
        var path = Path.Combine(folder, FileName);
        return PrivateFiles.TryRead(path, MaxLength) is { } bytes ? Parse(path, bytes) : ClusterSettings.Default;
    }

    /// <summary>Changes the settings. [any]</summary>
    /// <param name="folder">Where the file is; made with mode 0700 when it is not there.</param>
    /// <param name="change">Makes of what is set what is to be set.</param>
    /// <param name="time">The clock, or <see langword="null"/> for the system's.</param>
    /// <param name="cancellationToken">Ends waiting for other processes; nothing is changed.</param>
    /// <returns>What is set now.</returns>
    /// <exception cref="IOException">Others may use folder or file, it cannot be read or written, or another process keeps it locked.</exception>
    /// <exception cref="InvalidDataException">The file has no settings; it is left as it is.</exception>
    public static async Task<ClusterSettings> UpdateAsync(string folder, Func<ClusterSettings, ClusterSettings> change, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        PrivateFiles.EnsureFolder(folder);
        using var held = await PrivateFiles.LockAsync(Path.Combine(folder, "cluster.lock"), time ?? TimeProvider.System, cancellationToken).ConfigureAwait(false);
        var settings = change(Read(folder));
        PrivateFiles.Replace(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(SettingsDocument.Of(settings), SettingsJson.Default.SettingsDocument));
        return settings;
    }

    private static ClusterSettings Parse(string path, byte[] bytes)
    {
        SettingsDocument document;
        try
        {
            document = JsonSerializer.Deserialize(bytes, SettingsJson.Default.SettingsDocument) ?? throw new JsonException("It is null.");
        }
        catch (JsonException malformed)
        {
            throw Unfit(path, malformed.Message, malformed);
        }

        var settings = document.ToSettings();
        var fault = document.Version != SettingsDocument.CurrentVersion ? $"its version is {document.Version}, not {SettingsDocument.CurrentVersion}"
            : !IsPolicy(settings.Policy) || settings.Projects.Values.Any(project => project.Policy is { } own && !IsPolicy(own)) ? "a policy is none"
            : null;
        return fault is null ? settings : throw Unfit(path, fault, null);
    }

    private static bool IsPolicy(DistributionPolicy policy) => Enum.IsDefined(policy) && policy != DistributionPolicy.Off;

    private static InvalidDataException Unfit(string path, string fault, Exception? cause) =>
        new($"The settings {path} cannot be read: {fault}. The file is left as it is; mend it, or take it away for distribution to be off.", cause);
}
