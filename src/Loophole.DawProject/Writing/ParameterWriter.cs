using System.Xml.Linq;

namespace Loophole.DawProject.Writing;

/// <summary>Writes parameters.</summary>
internal static class ParameterWriter
{
    public static XElement? WriteOptional(DawParameter? parameter, string name) => parameter is null ? null : Write(parameter, name);

    public static XElement Write(DawParameter parameter) => Write(parameter, parameter.ElementName);

    public static XElement Write(DawParameter parameter, string name)
    {
        var builder = new ElementBuilder(name);
        switch (parameter)
        {
            case DawRealParameter real:
                builder.Number("max", real.Maximum).Number("min", real.Minimum).Word("unit", DawWords.Units, (DawUnit?)real.Unit).Number("value", real.Value);
                break;
            case DawBoolParameter boolean:
                builder.Switch("value", boolean.Value);
                break;
            case DawIntegerParameter integer:
                builder.Integer("max", integer.Maximum).Integer("min", integer.Minimum).Integer("value", integer.Value);
                break;
            case DawEnumParameter choice:
                builder.Integer("count", choice.Count).Text("labels", choice.Labels.IsEmpty ? null : string.Join(' ', choice.Labels)).Integer("value", choice.Value);
                break;
            case DawTimeSignatureParameter signature:
                builder.Integer("denominator", signature.Denominator).Integer("numerator", signature.Numerator);
                break;
        }

        return builder.Integer("parameterID", parameter.ParameterId).Named(parameter).Finish(parameter);
    }
}
