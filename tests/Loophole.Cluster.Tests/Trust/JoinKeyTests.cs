using System.Runtime.Versioning;
using System.Text.Json;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Tests.Trust;

public sealed class JoinKeyTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("loophole-key-");

    private string FilePath => Path.Combine(_folder.FullName, "join.key");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_key_comes_back_from_its_text_and_no_two_are_alike()
    {
        var texts = Enumerable.Range(0, 100).Select(_ => JoinKey.Create().Reveal()).ToArray();
        Assert.Equal(texts.Length, texts.Distinct().Count());
        Assert.All(texts, text =>
        {
            Assert.True(JoinKey.TryParse($"  {text}\r\n", out var key));
            Assert.Equal(text, key.Reveal());
        });
    }

    [Fact]
    public void A_key_is_shown_by_nothing_but_its_one_method()
    {
        var key = JoinKey.Create();
        var secret = key.Reveal()["loophole-join-1.".Length..];
        Assert.DoesNotContain(secret, key.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, $"{key}", StringComparison.Ordinal);
        Assert.DoesNotContain(secret, JsonSerializer.Serialize(key), StringComparison.Ordinal);
        var refused = Assert.Throws<TrustException>(() => JoinKey.Parse(key.Reveal()[..^1], "the test"));
        Assert.DoesNotContain(secret[..8], refused.ToString(), StringComparison.Ordinal);
        Assert.Contains("the test", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_exactly_a_key_is_none()
    {
        var text = JoinKey.Create().Reveal();
        string?[] others =
        [
            null, "", text[..^1], text + "A", text.ToUpperInvariant(), text.Replace("loophole-join-1.", "", StringComparison.Ordinal), text.Replace('1', '2'),
            text[..^2] + "==", text[..20] + " " + text[20..], text[..20] + "\n" + text[21..], text[..20] + "+" + text[21..], text[..20] + "é" + text[21..], $"{text} {text}",
        ];
        Assert.All(others, other => Assert.False(JoinKey.TryParse(other, out _), other));
        // The last character carries four bits of the key and two that must be zero: one of four texts is the key's.
        var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        Assert.Equal(16, alphabet.Count(last => JoinKey.TryParse(text[..^1] + last, out _)));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_is_its_owners_alone_and_never_overwritten()
    {
        var key = JoinKey.Create();
        key.WriteTo(FilePath);
        Assert.Equal(Owner, File.GetUnixFileMode(FilePath));
        Assert.Equal(key.Reveal(), JoinKey.ReadFrom(FilePath).Reveal());
        Assert.Equal(TrustError.Exists, Assert.Throws<TrustException>(() => JoinKey.Create().WriteTo(FilePath)).Error);
        Assert.Equal(key.Reveal(), JoinKey.ReadFrom(FilePath).Reveal());
        Assert.Equal([FilePath], Directory.GetFiles(_folder.FullName, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }));
    }

    [Theory]
    [UnsupportedOSPlatform("windows")]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherExecute)]
    public void A_file_that_others_may_use_is_refused(UnixFileMode wider)
    {
        JoinKey.Create().WriteTo(FilePath);
        File.SetUnixFileMode(FilePath, Owner | wider);
        var refused = Assert.Throws<TrustException>(() => JoinKey.ReadFrom(FilePath));
        Assert.Equal(TrustError.TooOpen, refused.Error);
        Assert.Contains(FilePath, refused.Message, StringComparison.Ordinal);
        Assert.Contains("600", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_or_holds_something_else_is_named()
    {
        var missing = Assert.Throws<TrustException>(() => JoinKey.ReadFrom(FilePath));
        Assert.Equal(TrustError.Unavailable, missing.Error);
        JoinKey.Create().WriteTo(FilePath);
        File.WriteAllText(FilePath, new string('x', 2000));
        Assert.Equal(TrustError.Corrupt, Assert.Throws<TrustException>(() => JoinKey.ReadFrom(FilePath)).Error);
        File.WriteAllText(FilePath, "hunter2");
        var refused = Assert.Throws<TrustException>(() => JoinKey.ReadFrom(FilePath));
        Assert.Contains(FilePath, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
    }
}
