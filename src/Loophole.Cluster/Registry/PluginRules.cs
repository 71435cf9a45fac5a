using System.Buffers;
using System.Collections.Immutable;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Registry;

/// <summary>What a Signal can say of its plugins.</summary>
internal static class PluginRules
{
    private static readonly SearchValues<char> FormatCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>Says what is wrong with a list, each plugin by its place in it, from 0. [any]</summary>
    /// <returns>In words, or <see langword="null"/> where nothing is, as where nothing is said.</returns>
    public static string? FindObjection(ImmutableArray<NodePlugin>? said)
    {
        if (said is not { } plugins)
        {
            return null;
        }

        if (plugins.IsDefault)
        {
            return "the list of plugins is none";
        }

        if (plugins.Length > NodePlugin.MostPlugins)
        {
            return $"there are {plugins.Length} plugins; there are {NodePlugin.MostPlugins} at most";
        }

        var known = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at < plugins.Length; at++)
        {
            if (FindObjection(plugins[at]) is { } objection)
            {
                return $"plugin {at} {objection}";
            }

            if (!known.Add(plugins[at].Key))
            {
                return $"plugin {at}, \"{plugins[at].Key}\", is there twice";
            }
        }

        return null;
    }

    // What breaks a rule is not repeated: it is on its way to a log.
    private static string? FindObjection(NodePlugin? plugin) =>
        plugin is null ? "is none"
        : plugin.Format is not { Length: >= 1 and <= NodePlugin.MostFormatCharacters } || plugin.Format.AsSpan().ContainsAnyExcept(FormatCharacters)
            ? $"has a format that is not 1 to {NodePlugin.MostFormatCharacters} small letters and digits"
        : plugin.Id is not { Length: >= 1 and <= NodePlugin.MostIdCharacters } ? $"has an id of {plugin.Id?.Length ?? 0} characters; it has 1 to {NodePlugin.MostIdCharacters}"
        : plugin.Version is not { Length: <= NodePlugin.MostVersionCharacters } ? $"has a version of {plugin.Version?.Length ?? 0} characters; it has {NodePlugin.MostVersionCharacters} at most"
        : plugin.Id.Any(char.IsControl) ? "has a control character in its id"
        : plugin.Version.Any(char.IsControl) ? "has a control character in its version"
        : null;
}
