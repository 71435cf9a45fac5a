using System.Text;
using Loophole.DawProject.Tests.Shapes;
using Loophole.DawProject.Tests.Support;

namespace Loophole.DawProject.Tests;

/// <summary>Whatever happens to the bytes, only the library's own exception comes out.</summary>
public sealed class FuzzTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] Sources = [BitwigShape.Project, StudioOneShape.Project, CubaseShape.Project, DemoShape.Project];

    private static readonly string[] Values =
        ["", "NaN", "inf", "-inf", "1e308", "-1e308", "1e-308", "-1", "0", "2147483647", "99999999999", "true", "seconds", "beats", "decibel", "linear", "master", "vca", "../../x", "&#x10FFFF;", "m", "c", "id15", "t"];

    private readonly ProjectFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Mutated_xml_gives_a_graph_or_a_named_error(int seed)
    {
        const int Rounds = 2_000;
        var random = new Random(seed);
        var built = 0;
        var wav = Wav.Make(48_000, 1, 0.01);
        for (var round = 0; round < Rounds; round++)
        {
            var xml = Mutate(Sources[random.Next(Sources.Length)], random);
            try
            {
                await _folder.BuildXmlAsync(xml, ("audio/Drumfunk 170bpm.wav", wav), ("audio/take 1.wav", wav), ("audio/riff.wav", wav), ("audio/x.wav", wav));
                built++;
            }
            catch (DawProjectException exception)
            {
                Assert.Contains("test.dawproject", exception.Message, StringComparison.Ordinal);
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {seed}, round {round}: {exception}\n{xml}");
            }
        }

        output.WriteLine($"seed {seed}: {built} of {Rounds} mutants could be built");
        Assert.InRange(built, 1, Rounds - 1);
    }

    [Fact]
    public async Task Mutated_archives_give_a_graph_or_a_named_error()
    {
        const int Seed = 4;
        const int Rounds = 1_500;
        var random = new Random(Seed);
        var whole = ProjectFolder.Zip(("project.xml", Encoding.UTF8.GetBytes(CubaseShape.Project)), ("audio/riff.wav", Wav.Make(48_000, 2, 0.01)));
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = whole.ToArray();
            for (var count = random.Next(1, 6); count > 0; count--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                await _folder.BuildAsync(_folder.WriteBytes("fuzz.dawproject", bytes));
            }
            catch (DawProjectException exception)
            {
                Assert.Contains("fuzz.dawproject", exception.Message, StringComparison.Ordinal);
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {Seed}, round {round}: {exception}");
            }
        }
    }

    private static string Mutate(string xml, Random random)
    {
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            xml = random.Next(6) switch
            {
                0 => ReplaceValue(xml, random),
                1 => ReplaceValue(xml, random),
                2 => RemoveAttribute(xml, random),
                3 => SwapLines(xml, random),
                4 => RepeatLine(xml, random),
                _ => FlipCharacter(xml, random),
            };
        }

        return xml;
    }

    private static string ReplaceValue(string xml, Random random)
    {
        var start = xml.IndexOf("=\"", random.Next(xml.Length), StringComparison.Ordinal) + 2;
        var end = start < 2 ? -1 : xml.IndexOf('"', start);
        return end < 0 ? xml : string.Concat(xml.AsSpan(0, start), Values[random.Next(Values.Length)], xml.AsSpan(end));
    }

    private static string RemoveAttribute(string xml, Random random)
    {
        var start = xml.IndexOf(' ', random.Next(xml.Length));
        var end = start < 0 ? -1 : xml.IndexOf("\" ", start, StringComparison.Ordinal);
        return end < 0 ? xml : xml.Remove(start, end + 1 - start);
    }

    private static string SwapLines(string xml, Random random)
    {
        var lines = xml.Split('\n');
        var (first, second) = (random.Next(1, lines.Length), random.Next(1, lines.Length));
        (lines[first], lines[second]) = (lines[second], lines[first]);
        return string.Join('\n', lines);
    }

    private static string RepeatLine(string xml, Random random)
    {
        var lines = xml.Split('\n').ToList();
        lines.Insert(random.Next(1, lines.Count), lines[random.Next(1, lines.Count)]);
        return string.Join('\n', lines);
    }

    private static string FlipCharacter(string xml, Random random)
    {
        var at = random.Next(xml.Length);
        return string.Concat(xml.AsSpan(0, at), ((char)random.Next(32, 127)).ToString(), xml.AsSpan(at + 1));
    }
}
