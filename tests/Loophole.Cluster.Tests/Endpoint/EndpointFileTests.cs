using Loophole.Cluster.Endpoint;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Tests.Endpoint;

public sealed class EndpointFileTests : IDisposable
{
    private static readonly Uri Loopback = new("tcp://127.0.0.1:4711");

    private readonly string _parent = Directory.CreateTempSubdirectory("loophole-endpoint-").FullName;

    private string Folder => Path.Combine(_parent, "store");

    private string FilePath => Path.Combine(Folder, EndpointFile.FileName);

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public void It_is_found_as_long_as_it_is_there_and_only_the_user_can_read_it()
    {
        Assert.Null(EndpointFile.Find(Folder));
        using (var file = EndpointFile.Create(Folder, Loopback))
        {
            Assert.Equal(file.Address, EndpointFile.Find(Folder));
            Assert.Equal((Loopback, Environment.ProcessId, 64), (file.Address.EndPoint, file.Address.ProcessId, file.Address.Token.Length));
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
            }

            var second = Assert.ThrowsAny<IOException>(() => EndpointFile.Create(Folder, Loopback));
            Assert.Contains($"process {Environment.ProcessId}", second.Message, StringComparison.Ordinal);
            Assert.Equal(file.Address, EndpointFile.Find(Folder));
        }

        Assert.Null(EndpointFile.Find(Folder));
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public void What_a_killed_process_has_left_behind_is_not_taken_for_one_that_runs()
    {
        string left;
        using (EndpointFile.Create(Folder, Loopback))
        {
            left = File.ReadAllText(FilePath);
        }

        File.WriteAllText(FilePath, left);
        Assert.Null(EndpointFile.Find(Folder));
        using var next = EndpointFile.Create(Folder, Loopback);
        Assert.DoesNotContain(next.Address.Token, left, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_looks_for_it_does_not_keep_it_from_being_served()
    {
        EndpointFile.Create(Folder, Loopback).Dispose();
        Task<EndpointFile> serving;
        using (PrivateFiles.TryLock(Path.Combine(Folder, "endpoint.lock")))
        {
            serving = Task.Run(() => EndpointFile.Create(Folder, Loopback), Wait.Token);
            await Wait.NotYet(serving);
        }

        using var file = await Wait.For(serving);
        Assert.Equal(file.Address, EndpointFile.Find(Folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"endPoint":"tcp://127.0.0.1:1","token":"short","processId":1}""")]
    [InlineData("""{"endPoint":"tcp://192.0.2.1:1","token":"0000000000000000000000000000000000000000000000000000000000000000","processId":1}""")]
    public void A_file_that_is_none_tells_of_nobody(string text)
    {
        using var file = EndpointFile.Create(Folder, Loopback);
        File.WriteAllText(FilePath, text);
        Assert.Null(EndpointFile.Find(Folder));
    }

    [Fact]
    public void Only_this_machine_is_served() => Assert.Throws<ArgumentException>(() => EndpointFile.Create(Folder, new Uri("tcp://192.0.2.1:4711")));
}
