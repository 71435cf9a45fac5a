using Loophole.Cluster.Protocol;
using Loophole.Cluster.Trust;
using Microsoft.Extensions.Logging;

namespace Loophole.Pulse;

/// <summary>Who Pulse is in a render and with whom it works; nothing of either on a plain loopback.</summary>
/// <remarks>The Signals that Pulse starts itself are let join with a key made for the occasion, and are remembered nowhere.</remarks>
internal sealed class RenderSecurity : IAsyncDisposable
{
    private readonly JsonTrustStore? _store;

    private RenderSecurity(NodeCredentials? credentials, JsonTrustStore? store, JoinKey? nodesKey)
    {
        (Credentials, _store) = (credentials, store);
        if (credentials is not null)
        {
            var rules = store?.Current.Rules ?? new TrustRules();
            // Whoever holds the key of the occasion was started here; what may be distributed is another matter.
            var occasion = new MemoryTrustStore(new TrustSnapshot { Rules = new TrustRules { Projects = rules.Projects } });
            CrewTrust = new NodeTrust { Self = credentials.Fingerprint, Store = occasion, JoinKey = JoinKey.Create() };
            NodesTrust = store is null ? null : new NodeTrust { Self = credentials.Fingerprint, Store = store, JoinKey = nodesKey };
        }
    }

    /// <summary>Where identity and store are unless somebody says otherwise.</summary>
    public static string DefaultFolder => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "loophole", "pulse");

    /// <summary>For the Signals that this render starts.</summary>
    public NodeTrust? CrewTrust { get; }

    /// <summary>For Signals that run already.</summary>
    public NodeTrust? NodesTrust { get; }

    /// <summary>Pulse's certificate; <see langword="null"/> on a plain loopback.</summary>
    public NodeCredentials? Credentials { get; }

    /// <exception cref="TrustException">Identity, store or key cannot be used.</exception>
    public static RenderSecurity Open(RenderArguments arguments, ILoggerFactory loggers)
    {
        if (arguments.InsecureLoopback)
        {
            return new RenderSecurity(null, null, null);
        }

        var key = arguments.JoinFile is { } file ? JoinKey.ReadFrom(file) : null;
        return arguments.StoreFolder is { } folder
            ? new RenderSecurity(NodeIdentity.OpenOrCreate(folder, "pulse"), JsonTrustStore.Open(folder, loggers), key)
            : new RenderSecurity(NodeCredentials.Create("pulse"), null, null);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        Credentials?.Dispose();
    }
}
