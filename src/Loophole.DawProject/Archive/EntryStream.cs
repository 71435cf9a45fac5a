namespace Loophole.DawProject.Archive;

/// <summary>Reads one entry and holds it to what the archive says of it: the length, and the checksum once the last byte is read.</summary>
internal sealed class EntryStream(Stream inner, long length, uint checksum) : Stream
{
    private long _position;
    private uint _crc;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var room = Room(buffer.Length);
        var read = inner.Read(buffer[..room]);
        Account(buffer[..read], buffer.Length);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var room = Room(buffer.Length);
        var read = await inner.ReadAsync(buffer[..room], cancellationToken).ConfigureAwait(false);
        Account(buffer.Span[..read], buffer.Length);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Room(int wanted) => (int)Math.Min(wanted, length - _position);

    private void Account(ReadOnlySpan<byte> bytes, int wanted)
    {
        if (bytes.IsEmpty && wanted > 0 && _position < length)
        {
            throw new InvalidDataException("The entry ends before its length.");
        }

        var had = _position;
        _position += bytes.Length;
        _crc = Crc32.Append(_crc, bytes);
        if (_position == length && (had < length || length == 0) && _crc != checksum)
        {
            throw new InvalidDataException("The entry's checksum does not fit its content.");
        }
    }
}
