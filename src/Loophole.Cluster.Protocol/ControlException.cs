using System.Text.Json;
using Loophole.Cluster.Protocol.Control;

namespace Loophole.Cluster.Protocol;

/// <summary>A command failed: the peer refused it, no answer came, or the connection was lost. <see cref="Code"/> says which.</summary>
/// <remarks>Thrown by a handler, it becomes the error answer. Codes of this assembly stand as constants here; peers add their own.</remarks>
public sealed class ControlException : IOException
{
    /// <summary>No answer came in time.</summary>
    public const string TimeoutCode = "timeout";

    /// <summary>The connection is lost, aborted or disposed.</summary>
    public const string ConnectionLostCode = "connectionLost";

    /// <summary>Too many commands wait, at this end or the peer's.</summary>
    public const string BusyCode = "busy";

    /// <summary>The handler failed in a way that is not the asker's business.</summary>
    public const string InternalCode = "internal";

    /// <summary>The envelope was not valid.</summary>
    public const string BadEnvelopeCode = "badEnvelope";

    /// <summary>The envelope's version is not 1.</summary>
    public const string UnsupportedVersionCode = "unsupportedVersion";

    /// <summary>The answer's domain or name is not the command's.</summary>
    public const string BadAnswerCode = "badAnswer";

    /// <summary>Makes the exception.</summary>
    /// <param name="code">A word for programs, lower camel case, 1 to 64 characters.</param>
    /// <param name="message">A sentence for people; no secrets.</param>
    /// <param name="details">A JSON object with more, or <see langword="null"/>.</param>
    /// <param name="innerException">The cause, never sent, or <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">The code is not such a word, or the details are not an object.</exception>
    public ControlException(string code, string message, JsonElement? details = null, Exception? innerException = null)
        : base(message, innerException)
    {
        EnvelopeRules.ThrowIfNotWord(code, nameof(code));
        EnvelopeRules.ThrowIfNotObject(details, nameof(details));
        Code = code;
        Details = details;
    }

    /// <summary>A word for programs, lower camel case.</summary>
    public string Code { get; }

    /// <summary>A JSON object with more, or <see langword="null"/>.</summary>
    public JsonElement? Details { get; }
}
