namespace Loophole.DawProject.Resolving;

/// <summary>Which parameter of which node an identifier of the file is.</summary>
internal sealed class ParameterRegistry
{
    private readonly Dictionary<string, ParameterSlot> _slots = new(StringComparer.Ordinal);

    public ParameterSlot? Find(string id) => _slots.GetValueOrDefault(id);

    /// <summary>Makes the slot of a parameter that may be absent.</summary>
    public ParameterSlot? Add(string name, ValueKind kind, DawParameter? source, bool isFixed = false)
    {
        if (source is null)
        {
            return null;
        }

        var slot = new ParameterSlot(name, kind, source) { IsFixed = isFixed };
        if (!string.IsNullOrEmpty(source.Id))
        {
            _slots.TryAdd(source.Id, slot);
        }

        return slot;
    }
}
