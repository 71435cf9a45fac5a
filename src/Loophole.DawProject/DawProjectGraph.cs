using Loophole.Cluster.Graph;
using Loophole.DawProject.Resolving;

namespace Loophole.DawProject;

/// <summary>Resolves projects into graphs: beats into frames, routes into Channels, automation into ramps.</summary>
/// <remarks>
/// <para>One Channel per channel of the file, in its order, named <c>ch:</c> and its identifier. The nodes of a Channel: its clips, its devices, sends before
/// the fader, fader, pan, sends after it (they tap after fader and pan), meter.</para>
/// <para>The same file gives the same graph, on every machine.</para>
/// </remarks>
public static class DawProjectGraph
{
    /// <summary>Resolves an open project. [one caller for the file]</summary>
    /// <param name="file">The project; still the caller's.</param>
    /// <param name="options">Sample rate and where audio files go.</param>
    /// <param name="cancellationToken">Stops resolving; files imported so far stay in the store.</param>
    /// <returns>The graph and what could not be taken over.</returns>
    /// <exception cref="DawProjectException">The project cannot be rendered; the message names file and element.</exception>
    public static async Task<DawProjectGraphResult> BuildAsync(DawProjectFile file, DawProjectGraphOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        cancellationToken.ThrowIfCancellationRequested();
        var document = file.Document;
        var reports = new ReportLog();
        var parameters = new ParameterRegistry();
        var structure = new StructureResolver(file.Path, reports, parameters);
        structure.Resolve(document);
        var timing = new TempoResolver(file.Path, document, reports);
        var tempo = timing.ResolveTempo();
        var timeSignatures = timing.ResolveTimeSignatures(tempo);

        var devices = new DeviceResolver(file, reports, parameters);
        foreach (var channel in structure.Channels)
        {
            await devices.ResolveAsync(channel, cancellationToken).ConfigureAwait(false);
        }

        var context = new ResolveContext(file.Path, options.SampleRate, tempo, reports);
        if (document.Arrangement is { } arrangement)
        {
            new ArrangementWalker(context, new AutomationResolver(context, parameters, document.Transport?.Tempo?.Id), structure.Contents).Walk(arrangement);
        }

        if (document.Scenes?.HasElements == true)
        {
            reports.Add(DawProjectReportKind.Ignored, "Scenes", "The scenes of the clip launcher are kept and not played.");
        }

        var channels = structure.Channels.Where(channel => !channel.IsOptional || !channel.Content.IsEmpty).ToList();
        if (channels.TrueForAll(channel => channel.Role == ChannelRole.Master && channel.Content.IsEmpty))
        {
            throw new DawProjectException(DawProjectError.NothingToRender, $"{file.Path}: there is no track but the master, and nothing plays: nothing to render.");
        }

        var master = new RoutingResolver(file.Path, reports, structure).Resolve(channels, document);
        SoloRule.Apply(channels, master, reports);
        var media = new MediaImporter(file, options, reports);
        var graph = await new GraphAssembler(context, media).AssembleAsync(channels, master, cancellationToken).ConfigureAwait(false);
        return new DawProjectGraphResult
        {
            Graph = graph,
            Tempo = tempo,
            TimeSignatures = timeSignatures,
            Reports = [.. file.Reports, .. reports.ToImmutable()],
            MissingPlugins = devices.MissingPlugins,
            Media = media.Media,
        };
    }
}
