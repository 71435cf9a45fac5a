using System.Runtime.InteropServices;

namespace Loophole.Devices.Jack;

/// <summary>A count that C code raises by itself, for what JACK's threads tell: these are cancelled when a client is closed, wherever they are, and so must never be in managed code. It is a
/// POSIX semaphore, and what raises it the C library's own function.</summary>
/// <remarks>Whoever has given it to C code holds it for as long as that may raise it.</remarks>
internal sealed unsafe partial class NativeCount
{
    private const string Library = "libc";

    // More than a semaphore takes with any C library.
    private const nuint Size = 64;

    private readonly nint _semaphore = (nint)NativeMemory.AllocZeroed(Size);

    public NativeCount() => _ = sem_init(_semaphore, 0, 0);

    ~NativeCount()
    {
        _ = sem_destroy(_semaphore);
        NativeMemory.Free((void*)_semaphore);
    }

    /// <summary>What C code calls, with <see cref="Argument"/>.</summary>
    public static delegate* unmanaged[Cdecl]<nint, int> Function { get; } =
        (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(NativeLibrary.Load(Library, typeof(NativeCount).Assembly, null), nameof(sem_post));

    /// <summary>What it is called with.</summary>
    public nint Argument => _semaphore;

    /// <summary>How often it was raised and not waited for. [any]</summary>
    public int Value
    {
        get
        {
            _ = sem_getvalue(_semaphore, out var value);
            GC.KeepAlive(this);
            return value;
        }
    }

    /// <summary>Raises it. [any]</summary>
    public void Raise()
    {
        _ = sem_post(_semaphore);
        GC.KeepAlive(this);
    }

    /// <summary>Waits until it was raised once more than was waited for.</summary>
    public void Wait()
    {
        // A signal to the process may end the waiting early.
        while (sem_wait(_semaphore) != 0)
        {
        }

        GC.KeepAlive(this);
    }

    [LibraryImport(Library)]
    private static partial int sem_init(nint semaphore, int isShared, uint value);

    [LibraryImport(Library)]
    private static partial int sem_destroy(nint semaphore);

    [LibraryImport(Library)]
    private static partial int sem_getvalue(nint semaphore, out int value);

    [LibraryImport(Library)]
    private static partial int sem_post(nint semaphore);

    [LibraryImport(Library)]
    private static partial int sem_wait(nint semaphore);
}
