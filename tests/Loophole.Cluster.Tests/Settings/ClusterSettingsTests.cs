using System.Runtime.Versioning;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Settings;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Settings;

[UnsupportedOSPlatform("windows")]
public sealed class ClusterSettingsTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("loophole-settings-");

    private string Folder => Path.Combine(_root.FullName, "store");

    private string FilePath => Path.Combine(Folder, ClusterSettingsFile.FileName);

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void Distribution_is_off_until_it_is_switched_on()
    {
        var settings = ClusterSettingsFile.Read(Folder);
        Assert.Equal(DistributionPolicy.Off, settings.PolicyOf("any"));
        Assert.Equal(DistributionPolicy.Off, settings.PolicyOf(null));
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public async Task What_was_set_is_there_after_a_restart()
    {
        await ClusterSettingsFile.UpdateAsync(Folder, settings => settings with { IsOn = true, Policy = DistributionPolicy.PreferLocal, Excluded = settings.Excluded.Add("laptop") }, cancellationToken: Wait.Token);
        await ClusterSettingsFile.UpdateAsync(Folder, settings => settings.With("song", settings.Of("song") with { Policy = DistributionPolicy.AggressiveOffload, Pins = settings.Of("song").Pins.SetItem("Drums", "tower") }), cancellationToken: Wait.Token);
        await ClusterSettingsFile.UpdateAsync(Folder, settings => settings.With("secret", settings.Of("secret") with { IsOn = false }), cancellationToken: Wait.Token);

        var again = ClusterSettingsFile.Read(Folder);
        Assert.Equal((DistributionPolicy.AggressiveOffload, DistributionPolicy.Off, DistributionPolicy.PreferLocal), (again.PolicyOf("song"), again.PolicyOf("secret"), again.PolicyOf("any")));
        Assert.Equal(["laptop"], again.Excluded);
        Assert.Equal("tower", again.Of("song").Pins["Drums"]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        await ClusterSettingsFile.UpdateAsync(Folder, settings => settings.With("secret", settings.Of("secret") with { IsOn = null }), cancellationToken: Wait.Token);
        Assert.DoesNotContain("secret", await File.ReadAllTextAsync(FilePath, Wait.Token), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wanted_is_found_in_the_project()
    {
        var pins = ProjectSettings.Default.Pins.Add("Track 1", "tower").Add("t2", "laptop").Add("t1", "laptop").Add("Gone", "tower");
        var settings = new ClusterSettings { Excluded = ["old"] }.With("song", new ProjectSettings { Pins = pins });
        var wishes = settings.WishesFor("song", RandomGraph.Bus(3), out var unknown);
        Assert.Equal([("t1", "tower"), ("t2", "laptop")], wishes.Pins.OrderBy(pin => pin.Key, StringComparer.Ordinal).Select(pin => (pin.Key, pin.Value)));
        Assert.Equal(["old"], wishes.Excluded);
        Assert.Equal(["\"Gone\" is pinned to tower, but there is no such Channel"], unknown);
        Assert.Empty(settings.WishesFor("other", RandomGraph.Bus(3), out unknown).Pins);
        Assert.Empty(unknown);
    }

    [Fact]
    public async Task What_a_file_leaves_out_is_as_it_is_by_default()
    {
        ClusterSettingsFile.Read(Folder);
        await File.WriteAllTextAsync(FilePath, "{\"version\":1,\"isOn\":true,\"projects\":{\"a\":{\"isOn\":false}}}", Wait.Token);
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var settings = ClusterSettingsFile.Read(Folder);
        Assert.Equal((DistributionPolicy.Balanced, DistributionPolicy.Off), (settings.PolicyOf("b"), settings.PolicyOf("a")));
        Assert.Empty(settings.Excluded);
        Assert.Empty(settings.Of("a").Pins);
    }

    [Fact]
    public async Task Nothing_is_lost_when_many_change_something_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(node => Task.Run(() =>
            ClusterSettingsFile.UpdateAsync(Folder, settings => settings with { Excluded = settings.Excluded.Add($"node {node}") }, cancellationToken: Wait.Token))));
        Assert.Equal(20, ClusterSettingsFile.Read(Folder).Excluded.Count);
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("null", "null")]
    [InlineData("{\"version\":2}", "version is 2")]
    [InlineData("{\"version\":1,\"policy\":\"off\"}", "policy")]
    [InlineData("{\"version\":1,\"isOm\":true}", "isOm")]
    [InlineData("{\"version\":1,\"projects\":{\"a\":{\"policy\":\"off\"}}}", "policy")]
    public async Task A_file_that_has_no_settings_is_named_and_left_alone(string text, string why)
    {
        ClusterSettingsFile.Read(Folder);
        await File.WriteAllTextAsync(FilePath, text, Wait.Token);
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var unfit = Assert.Throws<InvalidDataException>(() => ClusterSettingsFile.Read(Folder));
        Assert.Contains(FilePath, unfit.Message, StringComparison.Ordinal);
        Assert.Contains(why, unfit.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidDataException>(() => ClusterSettingsFile.UpdateAsync(Folder, settings => settings with { IsOn = true }, cancellationToken: Wait.Token));
        Assert.Equal(text, await File.ReadAllTextAsync(FilePath, Wait.Token));
    }
}
