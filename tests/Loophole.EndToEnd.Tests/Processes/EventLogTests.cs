namespace Loophole.EndToEnd.Tests.Processes;

public sealed class EventLogTests(EventLogFixture fixture) : IClassFixture<EventLogFixture>
{
    [Fact]
    public async Task A_log_sounds_the_same_wherever_it_is_rendered_and_unlike_the_project_without_it()
    {
        Assert.NotEqual(fixture.Sha256WithoutLog, fixture.Sha256);
        Assert.Equal(fixture.Sha256, await fixture.RenderAsync(EventLogFixture.Log, "--satellites", "2"));
        Assert.Equal(fixture.Sha256, await fixture.RenderAsync(EventLogFixture.Log, "--satellites", "1", "--block", "509"));
    }

    [Theory]
    [InlineData("isPlaying\":true,\"resetsState\":true", "isPlaying\":true,\"resetsState\":false")]
    [InlineData("39990,\"isPlaying\":false", "39990,\"isPlaying\":true")]
    [InlineData("\"value\":0.1", "\"value\":0.2")]
    public async Task Every_event_is_heard(string text, string other)
    {
        Assert.Contains(text, EventLogFixture.Log, StringComparison.Ordinal);
        Assert.NotEqual(fixture.Sha256, await fixture.RenderAsync(EventLogFixture.Log.Replace(text, other, StringComparison.Ordinal), "--local"));
    }
}
