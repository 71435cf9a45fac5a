namespace Loophole.DawProject;

/// <summary>How the values of an enumeration are spelt in the file, by value from 0.</summary>
internal sealed class EnumWords<T>(params string[] words)
    where T : struct, Enum
{
    private static readonly T[] Values = Enum.GetValues<T>();

    public string this[T value] => words[Array.IndexOf(Values, value)];

    public bool TryParse(string word, out T value)
    {
        var index = Array.IndexOf(words, word);
        value = index < 0 ? default : Values[index];
        return index >= 0;
    }

    public override string ToString() => string.Join(", ", words);
}
