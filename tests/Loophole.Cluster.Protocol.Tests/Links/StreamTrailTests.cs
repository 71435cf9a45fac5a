using System.Collections.Concurrent;
using Loophole.Cluster.Links;
using Loophole.Cluster.Protocol.Links;

namespace Loophole.Cluster.Protocol.Tests.Links;

/// <summary>How the stream of the next block is found: always the one the table has, and without asking it as long as blocks come as they came before.</summary>
public sealed class StreamTrailTests
{
    private readonly ConcurrentDictionary<int, OpenStream> _streams = new();
    private readonly StreamTrail _trail;

    public StreamTrailTests() => _trail = new StreamTrail(_streams, StreamDirection.Receive);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(64)]
    public void An_order_that_came_before_is_known_by_heart(int count)
    {
        Open(count);
        Walk(0, count);
        Walk(0, count);
        Forget();
        for (var period = 0; period < 3; period++)
        {
            Assert.All(Enumerable.Range(0, count), id => Assert.Equal(id, _trail.Find(id)?.Id));
        }
    }

    [Fact]
    public void An_order_that_begins_in_its_midst_is_known_by_heart_once_it_is_seen_whole()
    {
        Open(16);

        // As a link does that was told of one credit late.
        _trail.Find(15);
        Walk(0, 15);
        Walk(0, 16);
        Walk(0, 16);
        Forget();
        Assert.All(Enumerable.Range(0, 48), i => Assert.Equal(i % 16, _trail.Find(i % 16)?.Id));
    }

    [Fact]
    public void A_period_that_became_shorter_is_known_by_heart_although_who_began_it_comes_no_more()
    {
        Open(16);
        Walk(0, 16);
        for (var period = 0; period < 8; period++)
        {
            Walk(3, 16);
        }

        Forget();
        for (var period = 0; period < 3; period++)
        {
            Assert.All(Enumerable.Range(3, 13), id => Assert.Equal(id, _trail.Find(id)?.Id));
        }
    }

    [Fact]
    public void A_stream_of_the_other_direction_is_found_and_not_kept()
    {
        Open(2);
        _streams[9] = new OpenStream(new AudioStream(9, 0, 1, 8, 0), StreamDirection.Send, 0);
        Walk(0, 2);
        Assert.Equal(StreamDirection.Send, _trail.Find(9)!.Direction);
        Walk(0, 2);
        Forget();
        Assert.Null(_trail.Find(9));
        Assert.Equal(0, _trail.Find(0)?.Id);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_comes_and_whatever_becomes_of_the_streams_it_finds_what_the_table_has(int seed)
    {
        var random = new Random(seed);
        Open(24);
        for (var i = 0; i < 20_000; i++)
        {
            if (random.Next(50) == 0)
            {
                Replace(random.Next(24));
            }

            // Mostly in order, so that it is sure of itself.
            var id = random.Next(8) == 0 ? random.Next(26) : i % 24;
            Assert.Same(_streams.GetValueOrDefault(id), _trail.Find(id));
        }
    }

    private void Open(int count)
    {
        for (var id = 0; id < count; id++)
        {
            _streams[id] = new OpenStream(new AudioStream(id, 0, 1, 8, 0), StreamDirection.Receive, 0);
        }
    }

    private void Replace(int id)
    {
        var earlier = _streams[id];
        _streams[id] = new OpenStream(new AudioStream(id, earlier.Epoch + 1, 1, 8, 0), StreamDirection.Receive, 0);
        earlier.Replace();
    }

    private void Walk(int first, int end)
    {
        for (var id = first; id < end; id++)
        {
            _trail.Find(id);
        }
    }

    // Whoever is found from now on was not looked up.
    private void Forget() => _streams.Clear();
}
