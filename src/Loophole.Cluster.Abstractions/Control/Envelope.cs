using System.Text.Json;

namespace Loophole.Cluster.Control;

/// <summary>One message of the control plane (Loophole IPC, version 1).</summary>
public sealed record Envelope
{
    /// <summary>The only version there is.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Protocol version, field <c>v</c>.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Unique per connection and sender, 1 to 128 characters.</summary>
    public required string Id { get; init; }

    /// <summary>The <see cref="Id"/> of the command this answers, field <c>cid</c>; <see langword="null"/> when it answers none.</summary>
    public string? CommandId { get; init; }

    /// <summary>When it was sent, field <c>ts</c>; for logs only.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Who sends.</summary>
    public required Party Origin { get; init; }

    /// <summary>Who is meant.</summary>
    public required Party Target { get; init; }

    /// <summary>Area, such as <c>cluster</c>; lower camel case.</summary>
    public required string Domain { get; init; }

    /// <summary>What sort of message.</summary>
    public required EnvelopeKind Kind { get; init; }

    /// <summary>What it is about, such as <c>deploy</c>; lower camel case, without the domain. An answer has its command's.</summary>
    public required string Name { get; init; }

    /// <summary>How urgent.</summary>
    public EnvelopePriority Priority { get; init; } = EnvelopePriority.Normal;

    /// <summary>A JSON object; empty when there is nothing to say.</summary>
    public JsonElement Payload { get; init; } = EmptyPayload;

    /// <summary>Why a command failed; present exactly when <see cref="Kind"/> is <see cref="EnvelopeKind.Error"/>.</summary>
    public EnvelopeError? Error { get; init; }

    /// <summary>The object <c>{}</c>. [any]</summary>
    public static JsonElement EmptyPayload { get; } = JsonDocument.Parse("{}").RootElement;
}
