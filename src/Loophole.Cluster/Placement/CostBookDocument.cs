using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Loophole.Cluster.Placement;

/// <summary>The one object in a file of learnt costs.</summary>
/// <param name="Version">Of the file's format.</param>
/// <param name="Machines">By class of machines, the one observed last at the end.</param>
internal sealed record CostBookDocument(int Version, ImmutableArray<ClassCostsDocument> Machines)
{
    public const int CurrentVersion = 1;

    public static CostBookDocument Of(LearntCosts costs) => new(CurrentVersion, [.. costs.Classes.Select(known => new ClassCostsDocument(known.Machine, new Dictionary<string, double>(known.Factors, StringComparer.Ordinal)))]);

    /// <summary>What is wrong with it, or <see langword="null"/>.</summary>
    public string? FindFault() =>
        Version != CurrentVersion ? $"Its version is {Version}, not {CurrentVersion}."
        : Machines.IsDefault || Machines.Length > LearntCosts.MostClasses ? $"It has no machines, or more than {LearntCosts.MostClasses}."
        : Machines.Any(known => known?.Kinds is null || known.Machine.Length > MachineClass.MostCharacters) ? "A machine has no kinds, or too long a name."
        : Machines.DistinctBy(known => known.Machine).Count() < Machines.Length ? "It has a machine twice."
        : Machines.Any(known => known.Kinds.Count > ClassCosts.MostKinds || known.Kinds.Keys.Any(kind => kind.Length > ClassCosts.MostCharacters)) ? "It has too many kinds, or one with too long a name."
        : Machines.Any(known => !known.Kinds.Values.All(ClassCosts.IsFactor)) ? "A kind costs what it cannot."
        : null;

    public LearntCosts ToCosts() => new([.. Machines.Select(known => new ClassCosts(known.Machine, known.Kinds.ToImmutableSortedDictionary(StringComparer.Ordinal)))]);
}

/// <summary>What was learnt on a class of machines in a <see cref="CostBookDocument"/>.</summary>
/// <param name="Machine">The class.</param>
/// <param name="Kinds">How many times what it declares each kind costs.</param>
internal sealed record ClassCostsDocument(string Machine, Dictionary<string, double> Kinds);

/// <summary>How learnt costs look: generated at build time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true)]
[JsonSerializable(typeof(CostBookDocument))]
internal sealed partial class CostBookJson : JsonSerializerContext;
