using Loophole.Cluster.Trust;
using Loophole.EndToEnd.Tests.Processes.Projects;
using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

/// <summary>Two projects with the hashes of their local renders, and a join key in a file.</summary>
public sealed class TrustFixture : IAsyncLifetime
{
    /// <summary>Long enough to revoke somebody meanwhile.</summary>
    internal static readonly string[] Long = ["--tail", "15"];

    internal TestFolder Folder { get; } = new();

    internal string Project => Folder.At("small.dawproject");

    internal string LongProject => Folder.At("long.dawproject");

    internal string KeyFile => Folder.At("join.key");

    internal string Sha256 { get; private set; } = "";

    internal string LongSha256 { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        SmallProject.Write(Project);
        HeavyProject.WriteBare(LongProject);
        Sha256 = (await PulseProcess.RenderAsync(Folder, Project, ["--local"])).Sha256;
        LongSha256 = (await PulseProcess.RenderAsync(Folder, LongProject, ["--local", .. Long])).Sha256;
        var made = await PulseProcess.RunAsync(Folder, ["key", "new", "--out", KeyFile]);
        Assert.Equal((0, ""), (made.ExitCode, made.Errors));
        Assert.Contains(KeyFile, made.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(JoinKey.ReadFrom(KeyFile).Reveal(), made.Output, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync()
    {
        Folder.Dispose();
        return default;
    }

    /// <summary>Folders of an identity and a store, by owner.</summary>
    internal Dictionary<string, string> Stores(params string[] owners) => owners.ToDictionary(owner => owner, _ => Path.Combine(Folder.NewFolder(), "store"));

    internal async Task TrustAsync(string store, params string[] arguments)
    {
        var outcome = await PulseProcess.RunAsync(Folder, ["trust", .. arguments, "--store", store]);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
    }
}
