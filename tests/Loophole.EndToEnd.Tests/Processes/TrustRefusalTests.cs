using System.Runtime.Versioning;
using Loophole.Cluster.Trust;
using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

/// <summary>Keys, stores and options that cannot be used end a command before it begins, with a sentence.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class TrustRefusalTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string KeyFile => _folder.At("join.key");

    private string Store => _folder.At("store");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_key_file_that_others_may_read()
    {
        var key = JoinKey.Create();
        key.WriteTo(KeyFile);
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var outcome = await PulseProcess.RunAsync(_folder, ["render", Project(), "--out", _folder.NewOutput(), "--nodes", "127.0.0.1:1", "--store", Store, "--join-file", KeyFile]);
        outcome.Refused(2, KeyFile, "600");
        Assert.DoesNotContain(key.Reveal(), outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_is_there_already()
    {
        JoinKey.Create().WriteTo(KeyFile);
        var before = File.ReadAllText(KeyFile);
        (await PulseProcess.RunAsync(_folder, ["key", "new", "--out", KeyFile])).Refused(2, KeyFile, "exists");
        Assert.Equal(before, File.ReadAllText(KeyFile));
    }

    [Fact]
    public async Task A_store_that_is_none()
    {
        await JsonTrustStore.Open(Store).DisposeAsync();
        var file = Path.Combine(Store, JsonTrustStore.FileName);
        using (var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            stream.Write("{}"u8);
        }

        (await PulseProcess.RunAsync(_folder, ["trust", "list", "--store", Store])).Refused(2, file, "left as it is");
        Assert.Equal("{}", File.ReadAllText(file));
    }

    [Fact]
    public async Task Somebody_who_is_nobody_or_several()
    {
        await using (var open = JsonTrustStore.Open(Store))
        {
            await open.AddPendingAsync(NodeFingerprint.Of([1]), "left", PeerKind.Lan, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
            await open.AddPendingAsync(NodeFingerprint.Of([2]), "left", PeerKind.Lan, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
        }

        (await PulseProcess.RunAsync(_folder, ["trust", "accept", "right", "--store", Store])).Refused(2, "right");
        (await PulseProcess.RunAsync(_folder, ["trust", "accept", "left", "--store", Store])).Refused(2, NodeFingerprint.Of([1]).Hex[..16], NodeFingerprint.Of([2]).Hex[..16]);
    }

    [Fact]
    public async Task Trust_on_a_plain_loopback() =>
        (await PulseProcess.RunAsync(_folder, ["render", Project(), "--out", _folder.NewOutput(), "--nodes", "127.0.0.1:1", "--insecure-loopback", "--store", Store])).Refused(2, "--insecure-loopback", "--store");

    [Theory]
    [InlineData("not a key")]
    [InlineData("")]
    public async Task A_Signal_whose_parent_gives_it_no_key(string line)
    {
        await using var signal = ChildProcess.Start(Executables.Signal, ["--role", "satellite", "--listen", "127.0.0.1:0", "--ephemeral", "--join-stdin"], _folder.Environment);
        await signal.SayAsync(line);
        Assert.Equal(2, await signal.ExitAsync());
        Assert.Contains("standard input", signal.Errors.ToString(), StringComparison.Ordinal);
        Assert.Equal("", signal.Output.ToString());
    }

    private string Project()
    {
        var path = _folder.At("small.dawproject");
        Projects.SmallProject.Write(path);
        return path;
    }
}
