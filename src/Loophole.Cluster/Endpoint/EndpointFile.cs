using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Endpoint;

/// <summary>Tells the programs of one user where his Pulse is served: a file with the address and a token, there as long as it is.</summary>
/// <remarks>The file (<see cref="FileName"/>) has mode 0600 in a folder of mode 0700; <c>endpoint.lock</c> beside it is held while Pulse is served, so that what a killed process has left behind is not
/// taken for one that runs. One Pulse a folder.</remarks>
public sealed class EndpointFile : IDisposable
{
    /// <summary>Name of the file in its folder.</summary>
    public const string FileName = "endpoint.json";

    private const string LockName = "endpoint.lock";
    private const int MaxLength = 4_096;
    private const int TokenLength = 32;

    // Who looks whether a Pulse is served holds the lock for a moment; who serves one holds it for good.
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly FileStream _held;

    private EndpointFile(string path, FileStream held, EndpointAddress address) => (_path, _held, Address) = (path, held, address);

    /// <summary>What the file says. [any]</summary>
    public EndpointAddress Address { get; }

    /// <summary>Writes the file, with a new token. [any]</summary>
    /// <param name="folder">Where it goes; made with mode 0700 when it is not there.</param>
    /// <param name="endPoint">Where Pulse listens: a loopback address.</param>
    /// <returns>The file; disposing takes it away.</returns>
    /// <exception cref="ArgumentException">The endpoint is no loopback address.</exception>
    /// <exception cref="IOException">A Pulse is served there already, others may use the folder, or it cannot be written.</exception>
    public static EndpointFile Create(string folder, Uri endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        if (!endPoint.IsLoopback)
        {
            throw new ArgumentException($"{endPoint} is no loopback address.", nameof(endPoint));
        }

        PrivateFiles.EnsureFolder(folder);
        var path = Path.Combine(folder, FileName);
        FileStream? held = null;
        if (!SpinWait.SpinUntil(() => (held = PrivateFiles.TryLock(Path.Combine(folder, LockName))) is not null, LockPatience))
        {
            throw new IOException($"A Pulse is served with {folder} already{(TryRead(path) is { } other ? $": {other}" : "")}. End that one, or serve this one with a folder of its own (--store).");
        }

        try
        {
            var address = new EndpointAddress(endPoint, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenLength)), Environment.ProcessId);
            PrivateFiles.Replace(path, JsonSerializer.SerializeToUtf8Bytes(address, EndpointJson.Default.EndpointAddress));
            return new EndpointFile(path, held!, address);
        }
        catch
        {
            held!.Dispose();
            throw;
        }
    }

    /// <summary>Finds the Pulse that is served. [any]</summary>
    /// <param name="folder">Where its file would be.</param>
    /// <returns>The address, or <see langword="null"/> when none is served.</returns>
    /// <exception cref="IOException">Others may use folder or file, or it cannot be read.</exception>
    public static EndpointAddress? Find(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        PrivateFiles.EnsureFolder(folder);
        using var held = PrivateFiles.TryLock(Path.Combine(folder, LockName));
        return held is null ? TryRead(path) : null;
    }

    /// <summary>Takes the file away.</summary>
    public void Dispose()
    {
        File.Delete(_path);
        _held.Dispose();
    }

    private static EndpointAddress? TryRead(string path)
    {
        try
        {
            return PrivateFiles.TryRead(path, MaxLength) is { } bytes
                && JsonSerializer.Deserialize(bytes, EndpointJson.Default.EndpointAddress) is { EndPoint: { IsAbsoluteUri: true, IsLoopback: true }, Token.Length: 2 * TokenLength } address ? address : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>How an endpoint file looks: generated at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(EndpointAddress))]
internal sealed partial class EndpointJson : JsonSerializerContext;
