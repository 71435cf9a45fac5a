using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Loophole.Cluster.Devices;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>A connected socket as an audio line uses it: one system call for each look, sleep and send.</summary>
/// <remarks>On Linux by the C library itself. The runtime's <see cref="Socket"/> cannot sleep in a receive that must also be able to look, so that each
/// waking would cost a second call; it rounds sleeps to milliseconds, where a block period is little more than one; and it passes through many more pages of code,
/// which are cold after every call where the system has to flush the translation buffer.</remarks>
internal sealed partial class AudioSocket(Socket socket, bool isDirect)
{
    /// <summary>The longest sleep.</summary>
    public static readonly TimeSpan LongestSleep = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether this machine's C library can be called.</summary>
    public static readonly bool CanBeDirect = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    // Of Linux.
    private const int GetFlags = 3;
    private const int SetFlags = 4;
    private const int NonBlocking = 0x800;
    private const int DoNotWait = 0x40;
    private const int NoSignal = 0x4000;
    private const short Readable = 1;

    private readonly SafeSocketHandle _handle = socket.SafeHandle;

    // A receive sleeps by itself. Not any more once the runtime has the socket for something asynchronous.
    private volatile bool _sleepsInReceive;

    /// <summary>Begins, after the greeting.</summary>
    public void Start()
    {
        socket.Blocking = false;
        if (isDirect)
        {
            socket.ReceiveTimeout = (int)LongestSleep.TotalMilliseconds;
            SetBlocking(true);
            _sleepsInReceive = true;
        }
    }

    /// <summary>Gives the socket to the runtime's event loop, which never lets go of it. Whatever is asynchronous goes by this.</summary>
    public Socket Lend()
    {
        if (_sleepsInReceive)
        {
            // In this order: whoever is lent it meanwhile must not find it blocking.
            SetBlocking(false);
            _sleepsInReceive = false;
        }

        return socket;
    }

    /// <summary>Takes what has arrived.</summary>
    /// <returns>Bytes; 0 once the peer has ended its side; -1 as long as nothing has come.</returns>
    public int TryReceive(Span<byte> buffer)
    {
        AudioThread.Trip(AudioThreadFault.Network, "a socket");
        if (isDirect)
        {
            return Receive(buffer, DoNotWait);
        }

        var count = socket.Receive(buffer, SocketFlags.None, out var error);
        return error == SocketError.Success ? count : error == SocketError.WouldBlock ? -1 : throw new SocketException((int)error);
    }

    /// <summary>As <see cref="TryReceive"/>, after a sleep of some length at the most. May return sooner, with nothing.</summary>
    public int Receive(Span<byte> buffer, TimeSpan longest)
    {
        AudioThread.Trip(AudioThreadFault.Network, "a socket");
        return longest >= LongestSleep && _sleepsInReceive ? Receive(buffer, 0) : Wait(longest) ? TryReceive(buffer) : -1;
    }

    /// <summary>Sends what the network takes at once.</summary>
    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        AudioThread.Trip(AudioThreadFault.Network, "a socket");
        if (isDirect)
        {
            return SendDirectly(bytes);
        }

        var count = socket.Send(bytes, SocketFlags.None, out var error);
        return error == SocketError.Success ? count : error == SocketError.WouldBlock ? 0 : throw new SocketException((int)error);
    }

    private static bool IsNothing(int error) => error is 4 or 11; // EINTR, EAGAIN

    private static SocketException Failure() => new((int)(Marshal.GetLastSystemError() switch
    {
        32 => SocketError.Shutdown,
        101 => SocketError.NetworkUnreachable,
        103 => SocketError.ConnectionAborted,
        104 => SocketError.ConnectionReset,
        107 => SocketError.NotConnected,
        110 => SocketError.TimedOut,
        113 => SocketError.HostUnreachable,
        _ => SocketError.SocketError,
    }));

    // Neither of the two is inlined: every caller would look up its thread for the call into C, whether it comes to that or not.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private unsafe int Receive(Span<byte> buffer, int flags)
    {
        var isHeld = false;
        try
        {
            _handle.DangerousAddRef(ref isHeld);
            fixed (byte* start = buffer)
            {
                var count = (int)Receive((int)_handle.DangerousGetHandle(), start, (nuint)buffer.Length, flags);
                return count >= 0 ? count : IsNothing(Marshal.GetLastSystemError()) ? -1 : throw Failure();
            }
        }
        finally
        {
            if (isHeld)
            {
                _handle.DangerousRelease();
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private unsafe int SendDirectly(ReadOnlySpan<byte> bytes)
    {
        var isHeld = false;
        try
        {
            _handle.DangerousAddRef(ref isHeld);
            fixed (byte* start = bytes)
            {
                var count = (int)Send((int)_handle.DangerousGetHandle(), start, (nuint)bytes.Length, DoNotWait | NoSignal);
                return count >= 0 ? count : IsNothing(Marshal.GetLastSystemError()) ? 0 : throw Failure();
            }
        }
        finally
        {
            if (isHeld)
            {
                _handle.DangerousRelease();
            }
        }
    }

    private bool Wait(TimeSpan longest)
    {
        if (!isDirect)
        {
            return socket.Poll(longest, SelectMode.SelectRead);
        }

        var handle = socket.SafeHandle;
        var isHeld = false;
        try
        {
            // Keeps the number from being given to another file meanwhile. Who closes the socket shuts it down first, which wakes this.
            handle.DangerousAddRef(ref isHeld);
            var file = new WatchedFile { Descriptor = (int)handle.DangerousGetHandle(), Events = Readable };
            var time = new TimeSpec { Seconds = longest.Ticks / TimeSpan.TicksPerSecond, Nanoseconds = longest.Ticks % TimeSpan.TicksPerSecond * 100 };
            return Poll(ref file, 1, in time, IntPtr.Zero) > 0;
        }
        finally
        {
            if (isHeld)
            {
                handle.DangerousRelease();
            }
        }
    }

    private void SetBlocking(bool isBlocking)
    {
        var flags = Control(socket.SafeHandle, GetFlags, 0);
        if (flags < 0 || Control(socket.SafeHandle, SetFlags, isBlocking ? flags & ~NonBlocking : flags | NonBlocking) < 0)
        {
            throw Failure();
        }
    }

    [LibraryImport("libc", EntryPoint = "recv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial nint Receive(int socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "send")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial nint Send(int socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeSocketHandle socket, int command, int argument);

    [LibraryImport("libc", EntryPoint = "ppoll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref WatchedFile files, nuint count, in TimeSpec longest, IntPtr signals);

    // The C library's struct pollfd and struct timespec on 64-bit machines.
    private struct WatchedFile
    {
        public int Descriptor;
        public short Events;
        public short Found;
    }

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
