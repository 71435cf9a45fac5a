using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Media;

namespace Loophole.Engine;

/// <summary>Writes a WAV file of 32-bit float samples. The file appears under its name, whole, at <see cref="Complete"/>, or not at all. Not thread-safe.</summary>
/// <remarks>
/// <para><b>Files.</b> Writing goes to a hidden temporary file in the same folder; disposing without <see cref="Complete"/> deletes it. Past 4 GiB the file is RF64.</para>
/// <para><b>Threads.</b> Every call may wait for the disk: not for an audio thread.</para>
/// </remarks>
public sealed class WavWriter : IRenderSink
{
    private const int BufferBytes = 256 * 1024;

    private readonly string _path;
    private readonly string _temporaryPath;
    private readonly int _audioChannels;
    private readonly int _sampleRate;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly FileStream _file;
    private byte[]? _buffer;
    private int _buffered;
    private bool _isComplete;

    /// <summary>Opens the temporary file. [any]</summary>
    /// <param name="path">The file to write; one that exists is replaced at <see cref="Complete"/>.</param>
    /// <param name="audioChannels">1 to 64.</param>
    /// <param name="sampleRate">Frames per second, 1 to 768,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <exception cref="IOException">The file cannot be written there; the message names <paramref name="path"/>.</exception>
    public WavWriter(string path, int audioChannels, int sampleRate)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(audioChannels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(audioChannels, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sampleRate, 768_000);
        _audioChannels = audioChannels;
        _sampleRate = sampleRate;
        _path = Path.GetFullPath(path);
        if (Directory.Exists(_path))
        {
            throw new IOException($"{path} cannot be written: it is a folder.");
        }

        _temporaryPath = Path.Combine(Path.GetDirectoryName(_path) ?? "", $".{Path.GetFileName(_path)}.{Guid.NewGuid():N}.part");
        _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            _file = new FileStream(_temporaryPath, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0)
            {
                Position = WavHeaderWriter.Length(audioChannels),
            };
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            throw Refused(refused);
        }
    }

    /// <summary>Frames appended so far. [any]</summary>
    public long FrameCount { get; private set; }

    /// <summary>Adds frames. [any]</summary>
    /// <param name="samples">Whole frames, samples of one frame side by side; the caller's again on return. Stored bit for bit.</param>
    /// <exception cref="ArgumentException">The last frame is not whole.</exception>
    /// <exception cref="IOException">The disk refused; the message names the file.</exception>
    /// <exception cref="ObjectDisposedException">Disposed or complete.</exception>
    public void Write(ReadOnlySpan<float> samples)
    {
        ObjectDisposedException.ThrowIf(_buffer is null, this);
        if (samples.Length % _audioChannels != 0)
        {
            throw new ArgumentException($"{samples.Length} samples are not whole frames of {_audioChannels}.", nameof(samples));
        }

        FrameCount += samples.Length / _audioChannels;
        while (!samples.IsEmpty)
        {
            var room = _buffer.AsSpan(_buffered);
            var count = Math.Min(samples.Length, room.Length / sizeof(float));
            for (var sample = 0; sample < count; sample++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(room[(sample * sizeof(float))..], samples[sample]);
            }

            _buffered += count * sizeof(float);
            samples = samples[count..];
            if (!samples.IsEmpty)
            {
                WriteSamples();
            }
        }
    }

    /// <summary>Completes the file and gives it its name. [any]</summary>
    /// <returns>SHA-256 of the sample data as stored, 64 lower-case hexadecimal digits.</returns>
    /// <exception cref="IOException">The disk refused; the message names the file, and disposing leaves nothing behind.</exception>
    /// <exception cref="ObjectDisposedException">Disposed or complete.</exception>
    public string Complete()
    {
        ObjectDisposedException.ThrowIf(_buffer is null, this);
        WriteSamples();
        Span<byte> header = stackalloc byte[WavHeaderWriter.MaxBytes];
        header = header[..WavHeaderWriter.Length(_audioChannels)];
        WavHeaderWriter.Write(header, _audioChannels, _sampleRate, FrameCount);
        try
        {
            _file.Position = 0;
            _file.Write(header);
            _file.Dispose();
            File.Move(_temporaryPath, _path, overwrite: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Refused(refused);
        }

        _isComplete = true;
        var sha256 = Convert.ToHexStringLower(_hash.GetHashAndReset());
        Dispose();
        return sha256;
    }

    /// <summary>Closes; without <see cref="Complete"/>, nothing stays. [any]</summary>
    public void Dispose()
    {
        if (_buffer is not { } buffer)
        {
            return;
        }

        _buffer = null;
        ArrayPool<byte>.Shared.Return(buffer);
        _hash.Dispose();
        _file.Dispose();
        if (!_isComplete)
        {
            File.Delete(_temporaryPath);
        }
    }

    private void WriteSamples()
    {
        var samples = _buffer.AsSpan(0, _buffered);
        try
        {
            _file.Write(samples);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Refused(refused);
        }

        _hash.AppendData(samples);
        _buffered = 0;
    }

    private IOException Refused(Exception cause) => new($"{_path} cannot be written: {cause.Message}", cause);
}
