using System.Text.Json;

namespace Loophole.Cluster.Control;

/// <summary>Why a command failed.</summary>
/// <param name="Code">A word for programs, lower camel case, such as <c>busy</c>.</param>
/// <param name="Message">A sentence for people; no secrets.</param>
/// <param name="Details">A JSON object with more, or <see langword="null"/>.</param>
public sealed record EnvelopeError(string Code, string Message, JsonElement? Details = null);
