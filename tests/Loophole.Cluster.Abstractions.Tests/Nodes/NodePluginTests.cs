using System.Text.Json;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Tests.Nodes;

public sealed class NodePluginTests
{
    [Fact]
    public void A_plugin_is_placed_by_its_format_and_id_whatever_its_version()
    {
        Assert.Equal("lv2:http://example.org/verb", new NodePlugin("lv2", "http://example.org/verb", "1.2").Key);
        Assert.Equal(new NodePlugin("vst3", "Verb", "1").Key, new NodePlugin("vst3", "Verb", "2").Key);
        Assert.NotEqual(new NodePlugin("vst3", "Verb", "").Key, new NodePlugin("vst3", "verb", "").Key);
    }

    [Fact]
    public void What_it_is_placed_by_is_not_written_beside_what_that_is_made_of() =>
        Assert.Equal("""{"Format":"clap","Id":"verb","Version":"1"}""", JsonSerializer.Serialize(new NodePlugin("clap", "verb", "1")));
}
