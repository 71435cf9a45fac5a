using System.Runtime.Versioning;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Placement;

[UnsupportedOSPlatform("windows")]
public sealed class CostBookFileTests : IDisposable
{
    private static readonly KindCost Fader = new("fader", 1);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("loophole-costs-");

    private string Folder => Path.Combine(_root.FullName, "store");

    private string FilePath => Path.Combine(Folder, CostBookFile.FileName);

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task What_was_learnt_is_there_after_a_restart()
    {
        var book = CostBookFile.Open(Folder);
        await CostBookFile.SaveAsync(book, Folder, cancellationToken: Wait.Token);
        Assert.False(File.Exists(FilePath));
        Teach(book, "tower");
        await CostBookFile.SaveAsync(book, Folder, cancellationToken: Wait.Token);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        var again = CostBookFile.Open(Folder).Current;
        Assert.NotEqual(1, again.CostOf([Fader], ["tower"]));
        Assert.Equal(book.Current.CostOf([Fader], ["tower"]), again.CostOf([Fader], ["tower"]));
    }

    [Fact]
    public async Task Two_that_learn_at_once_do_not_take_each_others_classes_away()
    {
        var (one, two) = (CostBookFile.Open(Folder), CostBookFile.Open(Folder));
        Teach(one, "tower");
        Teach(two, "laptop");
        Teach(two, "laptop");
        await Task.WhenAll(CostBookFile.SaveAsync(one, Folder, cancellationToken: Wait.Token), CostBookFile.SaveAsync(two, Folder, cancellationToken: Wait.Token));
        var three = CostBookFile.Open(Folder);
        Assert.Equal(one.Current.CostOf([Fader], ["tower"]), three.Current.CostOf([Fader], ["tower"]));
        Assert.Equal(two.Current.CostOf([Fader], ["laptop"]), three.Current.CostOf([Fader], ["laptop"]));

        // Who has only read of a class does not take back what others have learnt of it since.
        Teach(one, "tower");
        await CostBookFile.SaveAsync(one, Folder, cancellationToken: Wait.Token);
        Teach(three, "laptop");
        await CostBookFile.SaveAsync(three, Folder, cancellationToken: Wait.Token);
        Assert.Equal(one.Current.CostOf([Fader], ["tower"]), CostBookFile.Open(Folder).Current.CostOf([Fader], ["tower"]));
    }

    [Fact]
    public async Task Whatever_kinds_are_called_they_are_read_again()
    {
        var book = CostBookFile.Open(Folder);
        // In the order of a language the first two are the same.
        book.Learn("<\"\u2028>", [new([new("a", 1)], 1), new([new("a\u200d", 1)], 3), new([new("", 1)], 2), new([new("\0\ud800", 1)], 1)]);
        book.Learn(new string('\u00e4', 212), [.. Enumerable.Range(0, 512).Select(kind => new CostObservation([new($"{kind}{new string('\u00e4', 250)}", 1)], 1 + (kind % 2)))]);
        await CostBookFile.SaveAsync(book, Folder, cancellationToken: Wait.Token);
        var again = CostBookFile.Open(Folder).Current;
        Assert.Equal(book.Current.Classes.Select(known => (known.Machine, known.Factors.Count)), again.Classes.Select(known => (known.Machine, known.Factors.Count)));
        Assert.Equal(3, again.CostOf([new("a\u200d", 1)], []) / again.CostOf([new("a", 1)], []), 1.9);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"version\":1}")]
    [InlineData("{\"version\":2,\"machines\":[]}", "version is 2")]
    [InlineData("{\"version\":1,\"machines\":null}")]
    [InlineData("{\"version\":1,\"machines\":[null]}", "no kinds")]
    [InlineData("{\"version\":1,\"machines\":[{\"machine\":\"a\"}]}")]
    [InlineData("{\"version\":1,\"machines\":[{\"machine\":null,\"kinds\":{}}]}")]
    [InlineData("{\"version\":1,\"machines\":[{\"machine\":\"a\",\"kinds\":{}},{\"machine\":\"a\",\"kinds\":{}}]}", "twice")]
    [InlineData("{\"version\":1,\"machines\":[{\"machine\":\"a\",\"kinds\":{\"fader\":0}}]}", "costs what it cannot")]
    [InlineData("{\"version\":1,\"machines\":[{\"machine\":\"a\",\"kinds\":{\"fader\":-1}}]}", "costs what it cannot")]
    [InlineData("{\"version\":1,\"machines\":[{\"machine\":\"a\",\"kinds\":{\"fader\":1e300}}]}", "costs what it cannot")]
    [InlineData("{\"version\":1,\"machines\":[{\"machine\":\"a\",\"kinds\":{\"fader\":\"NaN\"}}]}")]
    [InlineData("{\"version\":1,\"machines\":[],\"more\":1}")]
    public async Task What_is_no_book_is_set_aside_and_learnt_anew(string text, string fault = "")
    {
        CostBookFile.Open(Folder);
        await WriteAsync(text);
        var logs = new LogList();
        var book = CostBookFile.Open(Folder, logs);
        Assert.Same(LearntCosts.Empty, book.Current);
        Assert.Contains(FilePath, Assert.Single(logs.Lines), StringComparison.Ordinal);
        Assert.Contains(fault, logs.Lines[0], StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(Path.Combine(Folder, "costs.unreadable.json"), Wait.Token));
        Teach(book, "tower");
        await CostBookFile.SaveAsync(book, Folder, logs, cancellationToken: Wait.Token);
        Assert.NotEqual(1, CostBookFile.Open(Folder, logs).Current.CostOf([Fader], ["tower"]));
        Assert.Single(logs.Lines);
    }

    [Theory]
    [InlineData(17, 1, 1, "more than 16")]
    [InlineData(1, 513, 1, "too many kinds")]
    [InlineData(1, 1, 300, "too long a name")]
    public async Task What_is_too_much_is_set_aside(int machines, int kinds, int characters, string fault)
    {
        CostBookFile.Open(Folder);
        var kind = new string('x', characters);
        var costs = string.Join(',', Enumerable.Range(0, kinds).Select(number => $"\"{kind}{number}\":1"));
        await WriteAsync($"{{\"version\":1,\"machines\":[{string.Join(',', Enumerable.Range(0, machines).Select(machine => $"{{\"machine\":\"{machine}\",\"kinds\":{{{costs}}}}}"))}]}}");
        var logs = new LogList();
        Assert.Same(LearntCosts.Empty, CostBookFile.Open(Folder, logs).Current);
        Assert.Contains(fault, Assert.Single(logs.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_end_is_not_read()
    {
        CostBookFile.Open(Folder);
        await WriteAsync("");
        await using (var file = new FileStream(FilePath, FileMode.Open))
        {
            file.SetLength(1L << 32);
        }

        var logs = new LogList();
        Assert.Same(LearntCosts.Empty, CostBookFile.Open(Folder, logs).Current);
        Assert.Contains("4294967296", Assert.Single(logs.Lines), StringComparison.Ordinal);
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public async Task What_cannot_be_read_or_written_is_said_and_done_without()
    {
        CostBookFile.Open(Folder);
        Directory.CreateDirectory(FilePath);
        var logs = new LogList();
        var book = CostBookFile.Open(Folder, logs);
        Assert.Single(logs.Lines);
        Teach(book, "tower");
        await CostBookFile.SaveAsync(book, Folder, logs, cancellationToken: Wait.Token);
        Assert.Equal(2, logs.Lines.Count);
    }

    private static void Teach(CostBook book, string machine) => book.Learn(machine, [new([Fader], 1), new([new("reverb", 20)], 40)]);

    private async Task WriteAsync(string text)
    {
        await File.WriteAllTextAsync(FilePath, text, Wait.Token);
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
