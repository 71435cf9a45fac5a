using System.Diagnostics;

namespace Loophole.Devices.Tests;

/// <summary>A process that lost a JACK server under PortAudio is done with PortAudio: so the case runs in a process of its own.</summary>
[Collection(JackCollection.Name)]
public sealed class PortAudioLossTests
{
    private const string Variable = "LOOPHOLE_PORTAUDIO_LOSS";

    [Fact]
    public async Task A_server_that_is_killed_is_lost()
    {
        await using (await JackServer.StartAsync(256))
        {
            // Only to skip where JACK is missing.
        }

        if (Environment.GetEnvironmentVariable(Variable) == "1")
        {
            await LoseAsync();
            return;
        }

        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (var argument in Arguments())
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[Variable] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await Deadline.WaitAsync(process.WaitForExitAsync(TestContext.Current.CancellationToken), "the end of the test's own process");
        Assert.True(process.ExitCode == 0, await output);
        Assert.Contains("Total: 1,", await output, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Arguments()
    {
        // The test assembly is a program; where something else hosts it, the runtime is told to run it.
        var assembly = typeof(PortAudioLossTests).Assembly;
        if (!Path.GetFileName(Environment.ProcessPath!).StartsWith(assembly.GetName().Name!, StringComparison.Ordinal))
        {
            yield return assembly.Location;
        }

        yield return "-method";
        yield return $"{typeof(PortAudioLossTests).FullName}.{nameof(A_server_that_is_killed_is_lost)}";
    }

    private static async Task LoseAsync()
    {
        await using var server = await PortAudioTests.StartAsync();
        var callback = new Callback();
        await using var device = new PortAudioHost().Open(PortAudioTests.Request(2, 0));
        device.Start(callback);
        await callback.ReachAsync(10, device);
        server.Kill();
        Assert.Equal(AudioDeviceError.Lost, (await Deadline.EndAsync(device, "the loss of the server")).Error);
        await Deadline.WaitAsync(device.DisposeAsync().AsTask(), "the disposal of a lost device");
    }
}
