using Loophole.Cluster.Protocol;
using Loophole.Cluster.Trust;
using Microsoft.Extensions.Logging;

namespace Loophole.Signal;

/// <summary>Who this Signal is and with whom it works; nothing of either on a plain loopback.</summary>
internal sealed class SignalSecurity : IAsyncDisposable
{
    /// <summary>More than any key has: standard input is not read without end.</summary>
    private const int MaxKeyLine = 1024;

    private readonly JsonTrustStore? _store;

    private SignalSecurity(NodeCredentials? credentials, JsonTrustStore? store, NodeTrust? trust)
    {
        (Credentials, _store, Trust) = (credentials, store, trust);
    }

    public NodeTrust? Trust { get; }

    /// <summary>This Signal's certificate; <see langword="null"/> on a plain loopback.</summary>
    public NodeCredentials? Credentials { get; }

    /// <exception cref="TrustException">Identity, store or key cannot be used.</exception>
    public static SignalSecurity Open(SignalArguments arguments, string name, ILoggerFactory loggers)
    {
        if (arguments.InsecureLoopback)
        {
            return new SignalSecurity(null, null, null);
        }

        var key = arguments.JoinFromInput ? JoinKey.Parse(ReadLine(), "The first line of standard input")
            : arguments.JoinFile is { } file ? JoinKey.ReadFrom(file.FullName)
            : null;
        var folder = arguments.IsEphemeral ? null : arguments.Store?.FullName ?? DefaultFolder;
        var credentials = folder is null ? NodeCredentials.Create(name) : NodeIdentity.OpenOrCreate(folder, name);
        var store = folder is null ? null : JsonTrustStore.Open(folder, loggers);
        return new SignalSecurity(credentials, store, new NodeTrust { Self = credentials.Fingerprint, Store = store ?? (ITrustStore)new MemoryTrustStore(), JoinKey = key });
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        Credentials?.Dispose();
    }

    private static string DefaultFolder => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "loophole", "signal");

    private static string ReadLine()
    {
        var line = new List<char>();
        for (var next = Console.In.Read(); next >= 0 && next != '\n' && line.Count < MaxKeyLine; next = Console.In.Read())
        {
            line.Add((char)next);
        }

        return new string([.. line]);
    }
}
