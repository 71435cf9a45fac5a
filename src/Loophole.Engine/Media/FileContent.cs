using Loophole.Cluster.Media;
using Microsoft.Win32.SafeHandles;

namespace Loophole.Engine.Media;

/// <summary>A file by its path. Not thread-safe.</summary>
internal sealed class FileContent : IMediaContent
{
    private readonly string _path;
    private readonly SafeFileHandle _file;

    /// <exception cref="MediaException">There is no such file, or it cannot be read; the message names it.</exception>
    public FileContent(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
        try
        {
            _file = File.OpenHandle(path);
            Length = RandomAccess.GetLength(_file);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MediaException(MediaError.NotFound, $"There is no file {path}.", missing);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            _file?.Dispose();
            throw Unreadable(refused);
        }
    }

    public long Length { get; }

    public int Read(long offset, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length);
        destination = destination[..(int)Math.Min(destination.Length, Length - offset)];
        for (var done = 0; done < destination.Length;)
        {
            var count = ReadSome(offset + done, destination[done..]);
            done += count > 0 ? count : throw new MediaException(MediaError.Corrupt, $"{_path} was cut short while it was open.");
        }

        return destination.Length;
    }

    public void Dispose() => _file.Dispose();

    private int ReadSome(long offset, Span<byte> destination)
    {
        try
        {
            return RandomAccess.Read(_file, destination, offset);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(refused);
        }
    }

    private MediaException Unreadable(Exception cause) => new(MediaError.Unreadable, $"{_path} cannot be read: {cause.Message}", cause);
}
