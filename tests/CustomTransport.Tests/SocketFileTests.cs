using System.Net.Sockets;
using Loophole.Cluster.Transports;

namespace Loophole.Samples.CustomTransport.Tests;

/// <summary>What happens to files.</summary>
[Collection(nameof(UnixSocketConformanceTests))]
public sealed class SocketFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unix").FullName;

    private string Path => System.IO.Path.Combine(_folder, "socket");

    private Uri EndPoint => new($"unix://{Path}");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_socket_is_open_to_its_owner_alone_and_nothing_is_left_behind()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs Unix file permissions");
        await using (var transport = new UnixSocketTransport())
        {
            await using var listener = await transport.ListenAsync(EndPoint, Token);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(Path));
            var accepting = listener.AcceptAsync(Token).AsTask();
            await using var near = await transport.ConnectAsync(EndPoint, Token);
            await using var far = await accepting;
            Assert.Equal(4, Directory.GetFiles(_folder).Length);
        }

        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task What_a_killed_listener_left_is_replaced()
    {
        using (var killed = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            killed.Bind(new UnixDomainSocketEndPoint(Path));
        }

        await File.WriteAllTextAsync(Path + ".lock", "", Token);
        await using var transport = new UnixSocketTransport();
        await using var listener = await transport.ListenAsync(EndPoint, Token);
        var accepting = listener.AcceptAsync(Token).AsTask();
        await using var near = await transport.ConnectAsync(EndPoint, Token);
        await using var far = await accepting;
        Assert.NotNull(far);
    }

    [Fact]
    public async Task A_file_of_somebody_else_is_left_alone()
    {
        await File.WriteAllTextAsync(Path, "precious", Token);
        await using var transport = new UnixSocketTransport();
        var refusal = await Assert.ThrowsAsync<TransportException>(() => transport.ListenAsync(EndPoint, Token).AsTask());
        Assert.Equal(TransportError.BadEndPoint, refusal.Error);
        Assert.Equal("precious", await File.ReadAllTextAsync(Path, Token));
        Assert.Equal([Path], Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("unix://host/path")]
    [InlineData("unix:///")]
    [InlineData("tcp://127.0.0.1:1")]
    public async Task What_is_no_path_is_refused_by_name(string endPoint)
    {
        await using var transport = new UnixSocketTransport();
        var refusal = await Assert.ThrowsAsync<TransportException>(() => transport.ListenAsync(new Uri(endPoint), Token).AsTask());
        Assert.Equal(TransportError.BadEndPoint, refusal.Error);
    }

    [Fact]
    public async Task A_path_that_is_too_long_for_a_socket_is_refused_by_name()
    {
        await using var transport = new UnixSocketTransport();
        var refusal = await Assert.ThrowsAsync<TransportException>(() => transport.ListenAsync(new Uri($"unix:///{new string('x', 100)}"), Token).AsTask());
        Assert.Equal(TransportError.BadEndPoint, refusal.Error);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
