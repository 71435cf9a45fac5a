namespace Loophole.Cluster.Protocol;

/// <summary>What is wrong with an envelope that arrived.</summary>
public enum EnvelopeFault
{
    /// <summary>The length prefix is below 2 or above the limit.</summary>
    Length = 0,

    /// <summary>The body is not one JSON object: bad syntax or UTF-8, nested deeper than 64, or a property twice.</summary>
    NotJson = 1,

    /// <summary>Field <c>v</c> is not 1.</summary>
    Version = 2,

    /// <summary>A required field is missing.</summary>
    MissingField = 3,

    /// <summary>A field has another JSON type than it must have.</summary>
    WrongType = 4,

    /// <summary>A party, kind or priority that version 1 does not know.</summary>
    UnknownWord = 5,

    /// <summary>A field's value is outside its range, or does not fit the envelope's kind.</summary>
    BadValue = 6,
}
