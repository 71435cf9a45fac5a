using Loophole.Cluster.Links;

namespace Loophole.Cluster.Rings;

/// <summary>Something that is written into a link.</summary>
internal interface ILinkSource
{
    /// <summary>Writes what is there, as far as the link's credit and the budget go. [whoever pumps the link]</summary>
    /// <param name="link">Not flushed.</param>
    /// <param name="budgetBytes">Reduced by what was written.</param>
    /// <returns>Whether anything was written.</returns>
    bool Write(IAudioLink link, ref int budgetBytes);
}
