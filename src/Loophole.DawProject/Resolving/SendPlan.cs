namespace Loophole.DawProject.Resolving;

/// <summary>A send to be.</summary>
/// <param name="Id">Identifier of the node.</param>
/// <param name="Source">The element.</param>
/// <param name="Level">Its level.</param>
internal sealed record SendPlan(string Id, DawSend Source, ParameterSlot Level)
{
    public bool IsPreFader => Source.Type == DawSendType.Pre;

    /// <summary>The Channel it feeds; <see langword="null"/> when it feeds none.</summary>
    public ChannelPlan? Target { get; set; }
}
