using System.Globalization;
using System.Text.Json;
using Loophole.Cluster.Trust;
using Spectre.Console;

namespace Loophole.Pulse;

/// <summary><c>pulse trust</c>: shows a trust store, and changes it. Processes that have it open act on it at once.</summary>
internal sealed class TrustCommand(ITrustStore store, bool json)
{
    private const int ShortFingerprint = 16;

    public Task ListAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Show(store.Current);
        return Task.CompletedTask;
    }

    /// <exception cref="ArgumentException">Nobody is meant, or several are.</exception>
    public async Task AcceptAsync(string who, PeerKind? kind, ProjectScope? projects, CancellationToken cancellationToken) =>
        Show(await store.AcceptAsync(Find(who).Fingerprint, TimeProvider.System.GetUtcNow(), kind, projects, cancellationToken));

    /// <exception cref="ArgumentException">Nobody is meant, or several are.</exception>
    public async Task RevokeAsync(string who, CancellationToken cancellationToken) =>
        Show(await store.RevokeAsync(Find(who).Fingerprint, TimeProvider.System.GetUtcNow(), cancellationToken));

    public async Task ChangeRulesAsync(JoinRule? join, bool? cloud, ProjectScope? projects, CancellationToken cancellationToken) =>
        Show(await store.UpdateAsync(
            snapshot => snapshot with
            {
                Rules = new TrustRules
                {
                    Join = join ?? snapshot.Rules.Join,
                    AllowsCloud = cloud ?? snapshot.Rules.AllowsCloud,
                    Projects = projects ?? snapshot.Rules.Projects,
                },
            },
            cancellationToken));

    private TrustedPeer Find(string who)
    {
        var meant = store.Current.Match(who);
        return meant.Length == 1 ? meant[0] : throw new ArgumentException(meant.IsEmpty
            ? $"Nobody is known as \"{who}\"."
            : $"\"{who}\" may be any of {string.Join(", ", meant.Select(peer => $"{peer.Name} ({peer.Fingerprint.Hex[..ShortFingerprint]})"))}.");
    }

    private void Show(TrustSnapshot snapshot)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new TrustReport(snapshot.Rules, snapshot.Peers), ReportJson.Default.TrustReport));
            return;
        }

        var console = Terminal.For(json: false);
        var table = new Table().AddColumns("fingerprint", "name", "state", "kind", "projects", "since");
        foreach (var peer in snapshot.Peers)
        {
            table.AddRow(
                peer.Fingerprint.Hex[..ShortFingerprint],
                Markup.Escape(peer.Name),
                peer.State.ToString(),
                peer.Kind.ToString(),
                Markup.Escape(peer.Projects.ToString()),
                peer.Since.ToString("u", CultureInfo.InvariantCulture));
        }

        console.Write(table);
        console.WriteLine($"join: {snapshot.Rules.Join}, cloud: {(snapshot.Rules.AllowsCloud ? "allowed" : "not allowed")}, projects that may be distributed: {snapshot.Rules.Projects}");
    }
}
