namespace Loophole.Cluster.Protocol;

/// <summary>Bytes that arrived are not a valid envelope. <see cref="Fault"/> says why; the message names the field.</summary>
public sealed class EnvelopeException : IOException
{
    internal EnvelopeException(EnvelopeFault fault, string message, Exception? innerException = null)
        : base(message, innerException) => Fault = fault;

    /// <summary>What is wrong.</summary>
    public EnvelopeFault Fault { get; }

    /// <summary>Whether the bad envelope could be told apart from what follows it: it was skipped, and reading may go on.</summary>
    public bool CanContinue => EnvelopeId is not null;

    /// <summary>Field <c>id</c> of the bad envelope, to answer it with an error; <see langword="null"/> when it could not be read.</summary>
    public string? EnvelopeId { get; internal init; }

    /// <summary>Whether an error envelope is due: not for what is itself an answer, event or snapshot.</summary>
    public bool IsAnswerDue { get; internal init; }

    /// <summary>Field <c>domain</c> of the bad envelope, or <c>client</c> when it could not be read.</summary>
    public string Domain { get; internal init; } = "client";

    /// <summary>Field <c>name</c> of the bad envelope, or <c>envelope</c> when it could not be read.</summary>
    public string Name { get; internal init; } = "envelope";
}
