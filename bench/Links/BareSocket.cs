using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Loophole.Bench.Links;

/// <summary>The floor in C#: what <c>pingpong.c</c> does, blocking, and nothing else, so that what the runtime costs can be told from what a link costs.</summary>
internal static class BareSocket
{
    public static async Task<ExchangeResult> ExchangeAsync(Shape shape, bool isPaced, int warmup, int count)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["bare-socket", $"{shape.Streams}", $"{shape.StreamChannels}", $"{shape.Frames}"]) { RedirectStandardOutput = true })!;
        var port = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The bare peer did not start.");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture));
        var result = await OwnThread.RunAsync("bare", () => Exchange(new BarePeriod(socket, shape), isPaced ? shape.Period : 0, warmup, count));
        socket.Shutdown(SocketShutdown.Send);
        await process.WaitForExitAsync();
        return result;
    }

    /// <summary>The other process: sends back what comes.</summary>
    public static async Task<int> AnswerAsync(Shape shape)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port);
        using var socket = listener.Accept();
        socket.NoDelay = true;
        return await OwnThread.RunAsync("bare", () =>
        {
            var period = new BarePeriod(socket, shape);
            while (period.Receive())
            {
                period.Send();
            }

            return 0;
        });
    }

    private static ExchangeResult Exchange(BarePeriod period, long pace, int warmup, int count)
    {
        // Longer than the others: every run is a new pair of processes, and they have to be compiled.
        for (var i = 0; i < 3_000; i++)
        {
            period.Send();
            period.Receive();
        }

        var took = new long[count];
        var due = BenchClock.Now + pace;
        for (var i = -warmup; i < count; i++, due += pace)
        {
            if (pace > 0)
            {
                BenchClock.SleepUntil(due);
            }

            var start = BenchClock.Now;
            period.Send();
            period.Receive();
            if (i >= 0)
            {
                took[i] = BenchClock.Now - start;
            }
        }

        Array.Sort(took);
        return new ExchangeResult(took[count / 2] / 1e3, took[(int)(count * 0.99)] / 1e3, 0, 0);
    }
}
