using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Loophole.Cluster.Trust;

/// <summary>Which projects something goes for: all, or those named. Immutable; compares by content.</summary>
[JsonConverter(typeof(JsonAsList))]
public sealed class ProjectScope : IEquatable<ProjectScope>
{
    private ProjectScope(ImmutableSortedSet<string>? names) => Names = names;

    /// <summary>Every project, those without a name too. [any]</summary>
    public static ProjectScope All { get; } = new(null);

    /// <summary>The names, in ordinal order; <see langword="null"/> for all projects. [any]</summary>
    public ImmutableSortedSet<string>? Names { get; }

    /// <summary>Makes a scope of some projects. [any]</summary>
    /// <param name="names">Their names, compared by ordinal; none is allowed, and then no project is in the scope.</param>
    /// <returns>The scope.</returns>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public static ProjectScope Only(params IEnumerable<string> names)
    {
        var set = ImmutableSortedSet.CreateRange(StringComparer.Ordinal, names);
        return set.Any(string.IsNullOrWhiteSpace) ? throw new ArgumentException("A project's name is not empty.", nameof(names)) : new ProjectScope(set);
    }

    /// <summary>Whether a project is in the scope. [any]</summary>
    /// <param name="project">Its name; <see langword="null"/> for one without, which only <see cref="All"/> allows.</param>
    /// <returns>Whether it is.</returns>
    public bool Allows(string? project) => Names is null || (project is not null && Names.Contains(project));

    /// <inheritdoc/>
    public bool Equals(ProjectScope? other) => other is not null && (Names is null ? other.Names is null : other.Names is not null && Names.SetEquals(other.Names));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ProjectScope);

    /// <inheritdoc/>
    public override int GetHashCode() => Names is null ? 0 : Names.Aggregate(1, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => Names is null ? "all" : string.Join(", ", Names);

    /// <summary>Writes a scope as a list of names, or <c>"all"</c>.</summary>
    public sealed class JsonAsList : JsonConverter<ProjectScope>
    {
        /// <inheritdoc/>
        public override ProjectScope Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("all"u8))
            {
                return All;
            }

            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw NoScope();
            }

            var names = new List<string>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                names.Add(reader.TokenType == JsonTokenType.String && reader.GetString() is { } name && !string.IsNullOrWhiteSpace(name) ? name : throw NoScope());
            }

            return Only(names);
        }

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, ProjectScope value, JsonSerializerOptions options)
        {
            ArgumentNullException.ThrowIfNull(writer);
            ArgumentNullException.ThrowIfNull(value);
            if (value.Names is null)
            {
                writer.WriteStringValue("all"u8);
                return;
            }

            writer.WriteStartArray();
            foreach (var name in value.Names)
            {
                writer.WriteStringValue(name);
            }

            writer.WriteEndArray();
        }

        private static JsonException NoScope() => new("Projects are \"all\" or a list of names.");
    }
}
