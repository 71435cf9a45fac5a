using System.Diagnostics;
using System.Globalization;

namespace Loophole.Bench.Links;

/// <summary>The C program that links are measured against; built here, by the machine's own compiler.</summary>
internal sealed class Floor(string program)
{
    public static async Task<Floor> BuildAsync(string source, string folder)
    {
        var program = Path.Combine(folder, "pingpong");
        await RunAsync("gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program, source);
        return new Floor(program);
    }

    public async Task<ExchangeResult> ExchangeAsync(bool spins, Shape shape, bool isPaced, int warmup, int count)
    {
        var numbers = await AskAsync(spins ? "spinning" : "blocking", shape.Streams, shape.StreamChannels, shape.Frames, isPaced ? shape.Period : 0, warmup, count);
        return new ExchangeResult(numbers[0] / 1e3, numbers[2] / 1e3, numbers[3] * 100.0 / numbers[4], 0);
    }

    /// <returns>MiB a second.</returns>
    public async Task<double> BulkAsync(Shape shape, int warmup, int mebibytes)
    {
        var numbers = await AskAsync("bulk", shape.Streams, shape.StreamChannels, shape.Frames, warmup, mebibytes);
        return numbers[0] / 1048576.0 / (numbers[1] / 1e9);
    }

    private async Task<long[]> AskAsync(string kind, params long[] arguments)
    {
        var output = await RunAsync(program, [kind, .. arguments.Select(a => a.ToString(CultureInfo.InvariantCulture))]);
        return [.. output.Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(n => long.Parse(n, CultureInfo.InvariantCulture))];
    }

    private static async Task<string> RunAsync(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{Path.GetFileName(file)} failed.");
    }
}
