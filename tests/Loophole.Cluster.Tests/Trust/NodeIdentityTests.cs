using System.Runtime.Versioning;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Tests.Trust;

[UnsupportedOSPlatform("windows")]
public sealed class NodeIdentityTests : IDisposable
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("loophole-identity-");

    private string Folder => Path.Combine(_root.FullName, "node");

    private string FilePath => Path.Combine(Folder, NodeIdentity.FileName);

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void A_node_is_the_same_after_a_restart_and_its_file_is_its_owners_alone()
    {
        using var first = NodeIdentity.OpenOrCreate(Folder, "first");
        var file = File.ReadAllBytes(FilePath);
        using var second = NodeIdentity.OpenOrCreate(Folder, "second");
        Assert.Equal(first.Fingerprint, second.Fingerprint);
        Assert.Equal(file, File.ReadAllBytes(FilePath));
        Assert.Equal(OwnerFile, File.GetUnixFileMode(FilePath));
        Assert.Equal(OwnerFolder, File.GetUnixFileMode(Folder));
        Assert.Equal([FilePath], Directory.GetFiles(Folder, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }));
    }

    [Fact]
    public async Task All_that_start_at_once_are_the_same_node()
    {
        for (var round = 0; round < 30; round++)
        {
            await AllStartAtOnce(Path.Combine(Folder, $"{round}"));
        }
    }

    private static async Task AllStartAtOnce(string folder)
    {
        using var gate = new ManualResetEventSlim();
        var starting = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                gate.Wait(TestContext.Current.CancellationToken);
                using var identity = NodeIdentity.OpenOrCreate(folder, "node");
                return identity.Fingerprint;
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        gate.Set();
        Assert.Single((await Task.WhenAll(starting)).Distinct());
        Assert.Equal([Path.Combine(folder, NodeIdentity.FileName)], Directory.GetFiles(folder, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }));
    }

    [Theory]
    [InlineData(true, UnixFileMode.GroupRead)]
    [InlineData(true, UnixFileMode.OtherWrite)]
    [InlineData(false, UnixFileMode.GroupExecute)]
    [InlineData(false, UnixFileMode.OtherRead)]
    public void What_others_may_use_is_refused_with_the_mode_it_should_have(bool file, UnixFileMode wider)
    {
        NodeIdentity.OpenOrCreate(Folder, "node").Dispose();
        var (path, mode) = file ? (FilePath, OwnerFile) : (Folder, OwnerFolder);
        File.SetUnixFileMode(path, mode | wider);
        var refused = Assert.Throws<TrustException>(() => NodeIdentity.OpenOrCreate(Folder, "node"));
        Assert.Equal(TrustError.TooOpen, refused.Error);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.Contains(file ? "600" : "700", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no PEM at all")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----\n")]
    public void A_file_with_something_else_is_left_as_it_is(string content)
    {
        NodeIdentity.OpenOrCreate(Folder, "node").Dispose();
        File.WriteAllText(FilePath, content);
        var refused = Assert.Throws<TrustException>(() => NodeIdentity.OpenOrCreate(Folder, "node"));
        Assert.Equal(TrustError.Corrupt, refused.Error);
        Assert.Contains(FilePath, refused.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(FilePath));
    }

    [Fact]
    public void A_key_that_is_not_the_certificates_is_refused()
    {
        NodeIdentity.OpenOrCreate(Folder, "node").Dispose();
        var other = Path.Combine(_root.FullName, "other");
        NodeIdentity.OpenOrCreate(other, "other").Dispose();
        var (one, two) = (File.ReadAllText(FilePath), File.ReadAllText(Path.Combine(other, NodeIdentity.FileName)));
        const string Border = "-----BEGIN CERTIFICATE-----";
        var mixed = one[..one.IndexOf(Border, StringComparison.Ordinal)] + two[two.IndexOf(Border, StringComparison.Ordinal)..];
        File.WriteAllText(FilePath, mixed);
        Assert.Equal(TrustError.Corrupt, Assert.Throws<TrustException>(() => NodeIdentity.OpenOrCreate(Folder, "node")).Error);
    }

    [Fact]
    public void A_certificate_that_has_expired_is_named_and_kept()
    {
        NodeIdentity.OpenOrCreate(Folder, "node", new At(DateTimeOffset.UnixEpoch.AddYears(30))).Dispose();
        var file = File.ReadAllBytes(FilePath);
        var refused = Assert.Throws<TrustException>(() => NodeIdentity.OpenOrCreate(Folder, "node", new At(DateTimeOffset.UnixEpoch.AddYears(41))));
        Assert.Contains("valid from 1999-12-31 00:00:00Z to 20", refused.Message, StringComparison.Ordinal);
        Assert.Equal(file, File.ReadAllBytes(FilePath));
    }

    private sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
