namespace Loophole.DawProject.Reading;

/// <summary>Reads parameters.</summary>
internal static class ParameterReader
{
    public static DawParameter? ReadAny(ElementCursor cursor) => cursor.Element.Name.LocalName switch
    {
        "RealParameter" => ReadReal(cursor),
        "BoolParameter" => ReadBool(cursor),
        "IntegerParameter" => new DawIntegerParameter
        {
            Id = cursor.Text("id"),
            Name = cursor.Text("name"),
            Color = cursor.Text("color"),
            Comment = cursor.Text("comment"),
            ParameterId = ParameterId(cursor),
            Value = cursor.Integer("value"),
            Minimum = cursor.Integer("min"),
            Maximum = cursor.Integer("max"),
            Line = cursor.Line,
            UnknownAttributes = cursor.UnknownAttributes(),
            UnknownElements = cursor.UnknownElements(),
        },
        "EnumParameter" => new DawEnumParameter
        {
            Id = cursor.Text("id"),
            Name = cursor.Text("name"),
            Color = cursor.Text("color"),
            Comment = cursor.Text("comment"),
            ParameterId = ParameterId(cursor),
            Count = cursor.RequiredInteger("count"),
            Value = cursor.Integer("value"),
            Labels = [.. (cursor.Text("labels") ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)],
            Line = cursor.Line,
            UnknownAttributes = cursor.UnknownAttributes(),
            UnknownElements = cursor.UnknownElements(),
        },
        "TimeSignatureParameter" => ReadTimeSignature(cursor),
        _ => null,
    };

    public static DawRealParameter? ReadOptionalReal(ElementCursor parent, string name) => parent.Child(name) is { } cursor ? ReadReal(cursor) : null;

    public static DawBoolParameter? ReadOptionalBool(ElementCursor parent, string name) => parent.Child(name) is { } cursor ? ReadBool(cursor) : null;

    public static DawRealParameter ReadReal(ElementCursor cursor) => new()
    {
        Id = cursor.Text("id"),
        Name = cursor.Text("name"),
        Color = cursor.Text("color"),
        Comment = cursor.Text("comment"),
        ParameterId = ParameterId(cursor),
        Value = cursor.ExtendedNumber("value"),
        Unit = cursor.RequiredWord("unit", DawWords.Units),
        Minimum = cursor.ExtendedNumber("min"),
        Maximum = cursor.ExtendedNumber("max"),
        Line = cursor.Line,
        UnknownAttributes = cursor.UnknownAttributes(),
        UnknownElements = cursor.UnknownElements(),
    };

    public static DawBoolParameter ReadBool(ElementCursor cursor) => new()
    {
        Id = cursor.Text("id"),
        Name = cursor.Text("name"),
        Color = cursor.Text("color"),
        Comment = cursor.Text("comment"),
        ParameterId = ParameterId(cursor),
        Value = cursor.Switch("value"),
        Line = cursor.Line,
        UnknownAttributes = cursor.UnknownAttributes(),
        UnknownElements = cursor.UnknownElements(),
    };

    public static DawTimeSignatureParameter ReadTimeSignature(ElementCursor cursor) => new()
    {
        Id = cursor.Text("id"),
        Name = cursor.Text("name"),
        Color = cursor.Text("color"),
        Comment = cursor.Text("comment"),
        ParameterId = ParameterId(cursor),
        Numerator = cursor.RequiredInteger("numerator"),
        Denominator = cursor.RequiredInteger("denominator"),
        Line = cursor.Line,
        UnknownAttributes = cursor.UnknownAttributes(),
        UnknownElements = cursor.UnknownElements(),
    };

    /// <summary>VST 3 numbers its parameters with 32 unsigned bits, which some programs write as such; the bits are kept.</summary>
    private static int? ParameterId(ElementCursor cursor)
    {
        var text = cursor.Text("parameterID");
        return text is not null && uint.TryParse(text, System.Globalization.NumberStyles.Integer, System.Globalization.CultureInfo.InvariantCulture, out var unsigned)
            ? unchecked((int)unsigned)
            : cursor.Integer("parameterID");
    }
}
