using System.Collections.Immutable;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Tests.Registry;

public sealed class PluginRulesTests
{
    public static TheoryData<string, string, string, string> Broken { get; } = new()
    {
        { "", "verb", "1", "plugin 1 has a format" },
        { "VST3", "verb", "1", "plugin 1 has a format" },
        { "vst3:", "verb", "1", "plugin 1 has a format" },
        { new string('f', 17), "verb", "1", "plugin 1 has a format" },
        { "vst3", "", "1", "plugin 1 has an id of 0 characters" },
        { "vst3", new string('i', 129), "1", "plugin 1 has an id of 129 characters" },
        { "vst3", "ve\u001b[2Jrb", "1", "plugin 1 has a control character in its id" },
        { "vst3", "verb\u0085", "1", "plugin 1 has a control character in its id" },
        { "vst3", "verb", new string('1', 33), "plugin 1 has a version of 33 characters" },
        { "vst3", "verb", "1\n", "plugin 1 has a control character in its version" },
        { "clap", "first", "2", "plugin 1, \"clap:first\", is there twice" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_list_that_breaks_a_rule_is_refused_by_which_and_where(string format, string id, string version, string why)
    {
        var refused = Assert.Throws<ArgumentException>(() => new SignalOptions { Plugins = [new NodePlugin("clap", "first", "1"), new NodePlugin(format, id, version)] });
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refused.Message, char.IsControl);
    }

    [Fact]
    public void There_are_no_more_than_there_may_be()
    {
        var most = Enumerable.Range(0, NodePlugin.MostPlugins).Select(at => new NodePlugin("clap", $"{at}", "")).ToImmutableArray();
        Assert.Equal(most, new SignalOptions { Plugins = most }.Plugins);
        var refused = Assert.Throws<ArgumentException>(() => new SignalOptions { Plugins = most.Add(new NodePlugin("clap", "more", "")) });
        Assert.Contains($"there are {NodePlugin.MostPlugins + 1} plugins", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_said_is_not_the_same_as_none()
    {
        Assert.Null(new SignalOptions().Plugins);
        Assert.Empty(new SignalOptions { Plugins = [] }.Plugins!.Value);
        Assert.Throws<ArgumentException>(() => new SignalOptions { Plugins = default(ImmutableArray<NodePlugin>) });
        Assert.Throws<ArgumentException>(() => new SignalOptions { Plugins = [null!] });
    }

    [Fact]
    public void The_longest_texts_and_one_id_in_two_formats_are_fine()
    {
        var id = new string('ü', NodePlugin.MostIdCharacters);
        Assert.Equal(2, new SignalOptions { Plugins = [new NodePlugin(new string('f', NodePlugin.MostFormatCharacters), id, new string('9', NodePlugin.MostVersionCharacters)), new NodePlugin("lv2", id, "")] }.Plugins!.Value.Length);
    }
}
