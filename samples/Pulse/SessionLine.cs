using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Loophole.DawProject;
using Spectre.Console;

namespace Loophole.Pulse;

/// <summary><c>pulse session</c>: what belongs to a project but has no place in its file.</summary>
internal static class SessionLine
{
    public static Command Make(Argument<string> project, Option<int> rate, Option<bool> json, Option<bool> verbose)
    {
        var live = new Option<string[]>("--live") { Description = "Render this Channel, by id or name, in the audio callback whenever the project is played, and with it all that it feeds." };
        var ahead = new Option<string[]>("--ahead") { Description = "Render this Channel ahead of what is heard again." };
        var input = new Option<string[]>("--input") { Description = "CHANNEL=1,2: the input channels of the device that belong to it, one for all or one for each of its audio channels; CHANNEL=0 for none." };
        var midi = new Option<string[]>("--midi") { Description = "CHANNEL=all or CHANNEL=1 to CHANNEL=16: what its instruments play of the device's MIDI input, all MIDI channels or one; CHANNEL=0 for nothing." };
        var monitor = new Option<string[]>("--monitor") { Description = "CHANNEL=on or CHANNEL=off: whether its inputs are heard, the device's and MIDI." };
        var arm = new Option<string[]>("--arm") { Description = "CHANNEL=on or CHANNEL=off: whether its inputs are recorded by play --takes although they are not heard." };
        var insert = new Option<string[]>("--insert") { Description = "CHANNEL=FRAMES: when it is live, its devices run elsewhere and are heard exactly so much later; CHANNEL=0 for none." };
        var session = new Command("session", "Show or change what is kept beside a project (PROJECT.session.json): what DAWproject has no word for.") { project, live, ahead, input, midi, monitor, arm, insert, rate, json };
        session.SetAction((parsed, token) => Shell.RunAsync(parsed.GetValue(verbose), _ => RunAsync(
            parsed.GetValue(project)!,
            [
                .. Changes(parsed.GetValue(live), name => (name, said => said with { ForceLive = true })),
                .. Changes(parsed.GetValue(ahead), name => (name, said => said with { ForceLive = false })),
                .. Changes(parsed.GetValue(input), text => Pair(text, "--input", Numbers, (said, channels) => said with { Input = channels })),
                .. Changes(parsed.GetValue(midi), text => Pair(text, "--midi", MidiChannel, (said, channel) => said with { Midi = channel })),
                .. Changes(parsed.GetValue(monitor), text => Pair(text, "--monitor", Switch, (said, isOn) => said with { Monitor = isOn })),
                .. Changes(parsed.GetValue(arm), text => Pair(text, "--arm", Switch, (said, isOn) => said with { Arm = isOn })),
                .. Changes(parsed.GetValue(insert), text => Pair(text, "--insert", Number, (said, frames) => said with { InsertFrames = frames })),
            ],
            parsed.GetValue(rate),
            parsed.GetValue(json),
            token)));
        return session;
    }

    private static async Task<int> RunAsync(string projectPath, ImmutableArray<(string Name, Func<ChannelSession, ChannelSession> Change)> changes, int sampleRate, bool json, CancellationToken cancellationToken)
    {
        var project = await Project.OpenAsync(projectPath, sampleRate, Project.OpenMedia(), cancellationToken);
        var before = await ProjectSession.ReadAsync(projectPath, cancellationToken);
        var session = before;
        foreach (var (name, change) in changes)
        {
            var said = session.Channels.GetValueOrDefault(name) ?? new ChannelSession();
            var changed = change(said);
            // What is said of a Channel that is gone can still be taken back.
            if (ProjectSession.Find(project.Graph, name, out var fault) < 0 && changed != new ChannelSession())
            {
                throw new ArgumentException(fault);
            }

            if (changed.FindFault() is { } impossible)
            {
                throw new ArgumentException($"It cannot be said of \"{name}\" {impossible}.");
            }

            session = session.With(name, changed);
        }

        if (session != before)
        {
            session.ApplyTo(project.Graph, out var reports);
            if (reports.Except(project.Reports.Select(report => report.Message)).FirstOrDefault() is { } impossible)
            {
                throw new ArgumentException(impossible);
            }

            await session.WriteAsync(projectPath, cancellationToken);
        }

        Show(session, json);
        return ExitCode.Done;
    }

    private static IEnumerable<(string Name, Func<ChannelSession, ChannelSession> Change)> Changes(string[]? texts, Func<string, (string, Func<ChannelSession, ChannelSession>)> read) => (texts ?? []).Select(read);

    /// <summary>NAME=VALUE; the name may have an equals sign in it.</summary>
    private static (string Name, Func<ChannelSession, ChannelSession> Change) Pair<T>(string text, string option, Func<string, (T Value, bool IsMeant)> read, Func<ChannelSession, T, ChannelSession> change)
    {
        var equals = text.LastIndexOf('=');
        return equals > 0 && read(text[(equals + 1)..]) is (var value, true)
            ? (text[..equals], said => change(said, value))
            : throw new ArgumentException($"{option} {text}: that is not as --help says.");
    }

    private static (ImmutableArray<int>, bool) Numbers(string text)
    {
        var numbers = text.Split(',').Select(Number).ToArray();
        return ([.. numbers.Select(number => number.Item1).Where(number => number != 0)], numbers.All(number => number.Item2) && (numbers.Length == 1 || numbers.All(number => number.Item1 > 0)));
    }

    private static (int, bool) Number(string text) => (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0, text.Length > 0 && text.All(char.IsAsciiDigit) && text.Length < 9);

    private static (int?, bool) MidiChannel(string text) => text == "all" ? (ChannelSession.AllMidiChannels, true) : Number(text) is var (number, isMeant) ? (number == 0 ? null : number, isMeant) : default;

    private static (bool, bool) Switch(string text) => (text == "on", text is "on" or "off");

    private static string Use(bool monitor, bool arm) => $"{(monitor ? "heard" : "not heard")}, {(monitor || arm ? "recorded by play --takes" : "not recorded")}";

    private static void Show(ProjectSession session, bool json)
    {
        var report = new SessionReport(
            [.. session.Channels.Where(said => said.Value.ForceLive).Select(said => said.Key)],
            [.. session.Channels.Where(said => !said.Value.Input.IsEmpty).Select(said => new InputReport(said.Key, said.Value.Input, said.Value.Monitor, said.Value.Arm))],
            [.. session.Channels.Where(said => said.Value.Midi is not null).Select(said => new KeysReport(said.Key, said.Value.Midi == ChannelSession.AllMidiChannels ? null : said.Value.Midi, said.Value.Monitor, said.Value.Arm))],
            [.. session.Channels.Where(said => said.Value.InsertFrames > 0).Select(said => new InsertReport(said.Key, said.Value.InsertFrames))]);
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.SessionReport));
            return;
        }

        var console = Terminal.For(json);
        console.WriteLine(report.Live.IsEmpty ? "Nothing is rendered in the audio callback but what hears the device." : $"Rendered in the audio callback, with all that they feed: {string.Join(", ", report.Live)}");
        foreach (var input in report.Inputs)
        {
            console.WriteLine($"{input.Channel}: input {string.Join(", ", input.DeviceChannels)}, {Use(input.Monitor, input.Arm)}");
        }

        foreach (var keys in report.Keys)
        {
            console.WriteLine($"{keys.Channel}: MIDI {(keys.MidiChannel is { } channel ? string.Create(CultureInfo.InvariantCulture, $"channel {channel}") : "of all channels")}, {Use(keys.Monitor, keys.Arm)}");
        }

        foreach (var insert in report.Inserts)
        {
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{insert.Channel}: its devices are inserts, heard {insert.Frames} frames later"));
        }
    }
}

/// <summary>What <c>session --json</c> prints.</summary>
/// <param name="Live">The Channels that are rendered in the audio callback by choice, as they were named.</param>
/// <param name="Inputs">What hears the device.</param>
/// <param name="Keys">What hears its MIDI input.</param>
/// <param name="Inserts">What runs elsewhere although it is live.</param>
internal sealed record SessionReport(ImmutableArray<string> Live, ImmutableArray<InputReport> Inputs, ImmutableArray<KeysReport> Keys, ImmutableArray<InsertReport> Inserts);

/// <summary>An input of a Channel.</summary>
internal sealed record InputReport(string Channel, ImmutableArray<int> DeviceChannels, bool Monitor, bool Arm);

/// <summary>The MIDI input of a Channel.</summary>
/// <param name="Channel">The Channel, as it was named.</param>
/// <param name="MidiChannel">1 to 16; <see langword="null"/> for all.</param>
/// <param name="Monitor">Whether it is heard.</param>
/// <param name="Arm">Whether it is recorded although it is not heard.</param>
internal sealed record KeysReport(string Channel, int? MidiChannel, bool Monitor, bool Arm);

/// <summary>The inserts of a Channel.</summary>
internal sealed record InsertReport(string Channel, int Frames);
