using System.CommandLine;
using System.Globalization;

namespace Loophole.Pulse;

/// <summary>Ranges of numbers on the command line.</summary>
internal static class Numbers
{
    /// <summary>Refuses what is outside a range, by name.</summary>
    public static void Check<T>(Option<T> option, T least, T most)
        where T : struct, IComparable<T>, IParsable<T> => option.Validators.Add(result =>
        {
            // What is no number at all is refused by the parser.
            if (result.Tokens.Count == 1 && T.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var value) && (value.CompareTo(least) < 0 || value.CompareTo(most) > 0))
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} takes {least} to {most}, not {value}."));
            }
        });
}
