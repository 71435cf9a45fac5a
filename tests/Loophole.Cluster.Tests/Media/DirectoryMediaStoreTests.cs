using System.Security.Cryptography;
using Loophole.Cluster.Media;

namespace Loophole.Cluster.Tests.Media;

public sealed class DirectoryMediaStoreTests : IDisposable
{
    private const int Mebi = 1 << 20;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("loophole-media-");
    private readonly ManualTime _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(700_000)]
    public async Task What_was_imported_is_read_back(int length)
    {
        var store = Store();
        var bytes = Bytes(1, length);
        var id = await ImportAsync(store, bytes);
        Assert.Equal(MediaId.FromDigest(SHA256.HashData(bytes)), id);
        Assert.True(store.Contains(id));
        using var content = store.Open(id);
        Assert.Equal(length, content.Length);
        Assert.Equal(bytes, ReadAll(content));
        Assert.Equal(0, content.Read(length, new byte[10]));
        Assert.Throws<ArgumentOutOfRangeException>(() => content.Read(-1, []));
        Assert.True(File.Exists(Path.Combine(_folder.FullName, id.Hex[..2], id.Hex)));
    }

    [Fact]
    public async Task Only_the_length_asked_for_is_read_and_the_stream_stays_open()
    {
        using var stream = new MemoryStream(Bytes(1, 1000));
        var id = await Store().ImportAsync(stream, 600, null, Cancel);
        Assert.Equal(MediaId.FromDigest(SHA256.HashData(Bytes(1, 1000).AsSpan(0, 600))), id);
        Assert.Equal(600, stream.Position);
    }

    [Fact]
    public async Task A_wrong_address_is_refused_and_nothing_stays()
    {
        var store = Store();
        var wrong = MediaId.FromDigest(new byte[32]);
        using var stream = new MemoryStream(Bytes(1, 1000));
        var refused = await Assert.ThrowsAsync<MediaException>(() => store.ImportAsync(stream, 1000, wrong, Cancel).AsTask());
        Assert.Equal(MediaError.Corrupt, refused.Error);
        Assert.Contains(wrong.Hex, refused.Message, StringComparison.Ordinal);
        Assert.False(store.Contains(wrong));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task A_stream_that_ends_early_fails_or_is_cancelled_leaves_nothing()
    {
        var store = Store();
        using var early = new MemoryStream(new byte[1000]);
        Assert.Equal(MediaError.Corrupt, (await Assert.ThrowsAsync<MediaException>(() => store.ImportAsync(early, 1001, null, Cancel).AsTask())).Error);
        await using var broken = new BreakingStream(new EndOfStreamException("The peer is gone."));
        await Assert.ThrowsAsync<EndOfStreamException>(() => store.ImportAsync(broken, Mebi, null, Cancel).AsTask());
        using var source = new CancellationTokenSource();
        await using var cancelling = new BreakingStream(new OperationCanceledException(source.Token));
        await Assert.ThrowsAsync<OperationCanceledException>(() => store.ImportAsync(cancelling, Mebi, null, source.Token).AsTask());
        Assert.Empty(Files());
    }

    [Fact]
    public void What_is_not_there_is_not_found()
    {
        var store = Store();
        var id = MediaId.FromDigest(new byte[32]);
        Assert.False(store.Contains(id));
        Assert.Equal(MediaError.NotFound, Assert.Throws<MediaException>(() => store.Open(id)).Error);
    }

    [Fact]
    public async Task The_assets_unused_for_longest_make_room_but_never_an_open_one()
    {
        var store = Store(Mebi);
        var first = await ImportAsync(store, Bytes(1, 300_000));
        var second = await ImportAsync(store, Bytes(2, 300_000));
        var third = await ImportAsync(store, Bytes(3, 300_000));
        store.Open(first).Dispose();
        _time.Now += TimeSpan.FromSeconds(1);
        var fourth = await ImportAsync(store, Bytes(4, 300_000));
        Assert.Equal([true, false, true, true], Present(first, second, third, fourth));
        using (store.Open(third))
        {
            var fifth = await ImportAsync(store, Bytes(5, 700_000));
            Assert.Equal([false, false, true, false, true], Present(first, second, third, fourth, fifth));
            using (store.Open(fifth))
            {
                Assert.Equal(MediaError.Full, (await Assert.ThrowsAsync<MediaException>(() => ImportAsync(store, Bytes(6, 300_000)))).Error);
            }

            Assert.Equal([true, true], Present(third, fifth));
        }

        Assert.Equal(2, Files().Length);

        bool[] Present(params MediaId[] ids) => [.. ids.Select(store.Contains)];
    }

    [Fact]
    public async Task An_asset_larger_than_the_cap_is_refused_before_it_is_read()
    {
        using var stream = new MemoryStream(Bytes(1, 10));
        Assert.Equal(MediaError.Full, (await Assert.ThrowsAsync<MediaException>(() => Store(Mebi).ImportAsync(stream, long.MaxValue, null, Cancel).AsTask())).Error);
        Assert.Equal(0, stream.Position);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task The_cap_holds_over_many_imports_within_a_sixteenth_for_each_further_store(int storeCount)
    {
        const int Seed = 3;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        DirectoryMediaStore[] stores = [.. Enumerable.Range(0, storeCount).Select(_ => Store(Mebi))];
        var random = new Random(Seed);
        for (var round = 0; round < 300; round++)
        {
            await ImportAsync(stores[random.Next(storeCount)], Bytes(round, random.Next(40_000)));
            Assert.InRange(Files().Sum(f => f.Length), 0, Mebi + ((storeCount - 1) * Mebi / 16));
        }

        Assert.InRange(Files().Sum(f => f.Length), Mebi * 9 / 10, 2 * Mebi);
    }

    [Fact]
    public async Task Files_of_someone_else_are_neither_counted_nor_evicted()
    {
        var song = Path.Combine(_folder.FullName, "ab", "song.wav");
        Directory.CreateDirectory(Path.GetDirectoryName(song)!);
        await File.WriteAllBytesAsync(song, new byte[2 * Mebi], Cancel);
        var incoming = Path.Combine(_folder.FullName, "incoming", "notes.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(incoming)!);
        await File.WriteAllTextAsync(incoming, "keep", Cancel);
        var store = Store(Mebi);
        for (var round = 0; round < 5; round++)
        {
            await ImportAsync(store, Bytes(round, 500_000));
        }

        Assert.True(File.Exists(song));
        Assert.True(File.Exists(incoming));
    }

    [Fact]
    public async Task Two_stores_on_one_folder_see_each_others_assets_and_spare_what_the_other_has_open()
    {
        DirectoryMediaStore one = Store(Mebi), other = Store(Mebi);
        var bytes = Bytes(1, 600_000);
        var id = await ImportAsync(one, bytes);
        Assert.True(other.Contains(id));
        using (var content = other.Open(id))
        {
            Assert.Equal(MediaError.Full, (await Assert.ThrowsAsync<MediaException>(() => ImportAsync(one, Bytes(2, 600_000)))).Error);
            Assert.Equal(bytes, ReadAll(content));
        }

        var next = await ImportAsync(one, Bytes(2, 600_000));
        Assert.False(other.Contains(id));
        Assert.Equal(MediaError.NotFound, Assert.Throws<MediaException>(() => other.Open(id)).Error);
        other.Open(next).Dispose();
    }

    [Fact]
    public async Task An_asset_that_is_just_being_evicted_is_not_found()
    {
        var store = Store();
        var id = await ImportAsync(store, Bytes(1, 1000));
        using (new FileStream(Path.Combine(_folder.FullName, id.Hex[..2], id.Hex), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Equal(MediaError.NotFound, Assert.Throws<MediaException>(() => store.Open(id)).Error);
        }
    }

    [Fact]
    public async Task Many_imports_of_one_asset_at_once_store_it_once()
    {
        DirectoryMediaStore[] stores = [Store(), Store()];
        var bytes = Bytes(1, 900_000);
        var ids = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => ImportAsync(stores[i % 2], bytes), Cancel)));
        Assert.Single(ids.Distinct());
        Assert.Single(Files());
        using var content = stores[0].Open(ids[0]);
        Assert.Equal(bytes, ReadAll(content));
    }

    [Fact]
    public async Task Opening_closing_importing_and_evicting_at_once_never_yields_wrong_bytes()
    {
        const int Seed = 99;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        DirectoryMediaStore[] stores = [Store(Mebi), Store(Mebi)];
        var assets = Enumerable.Range(0, 8).Select(i => Bytes(i, 100_000 + (i * 10_000))).ToArray();
        var ids = assets.Select(a => MediaId.FromDigest(SHA256.HashData(a))).ToArray();
        var read = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            var random = new Random(Seed + worker);
            for (var round = 0; round < 150; round++)
            {
                var number = random.Next(ids.Length);
                var store = stores[random.Next(2)];
                try
                {
                    if (random.Next(3) == 0)
                    {
                        await ImportAsync(store, assets[number]);
                    }

                    using var content = store.Open(ids[number]);
                    Assert.Equal(assets[number], ReadAll(content));
                    Interlocked.Increment(ref read);
                }
                catch (MediaException refused)
                {
                    Assert.True(refused.Error is MediaError.NotFound or MediaError.Full, refused.ToString());
                }
            }
        }, Cancel)));
        Assert.InRange(read, 100, 600);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_asset_that_was_tampered_with_is_detected_and_deleted(bool keepsLength)
    {
        var bytes = Bytes(1, 100_000);
        var id = await ImportAsync(Store(), bytes);
        var path = Path.Combine(_folder.FullName, id.Hex[..2], id.Hex);
        bytes[50_000] ^= 1;
        await File.WriteAllBytesAsync(path, keepsLength ? bytes : bytes[..^1], Cancel);
        var store = Store();
        var refused = Assert.Throws<MediaException>(() => store.Open(id));
        Assert.Equal(MediaError.Corrupt, refused.Error);
        Assert.Contains(id.Hex, refused.Message, StringComparison.Ordinal);
        Assert.False(store.Contains(id));
        Assert.Empty(Files());
        Assert.Equal(id, await ImportAsync(store, Bytes(1, 100_000)));
        store.Open(id).Dispose();
    }

    [Fact]
    public async Task A_file_cut_short_after_it_was_verified_is_detected()
    {
        var store = Store();
        var id = await ImportAsync(store, Bytes(1, 1000));
        var path = Path.Combine(_folder.FullName, id.Hex[..2], id.Hex);
        using (var content = store.Open(id))
        {
            await using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
            {
                file.SetLength(500);
            }

            Assert.Equal(100, content.Read(400, new byte[100]));
            Assert.Equal(MediaError.Corrupt, Assert.Throws<MediaException>(() => content.Read(450, new byte[100])).Error);
        }

        Assert.False(store.Contains(id));
        Assert.Equal(MediaError.Corrupt, Assert.Throws<MediaException>(() => store.Open(id)).Error);
    }

    [Fact]
    public void Imports_dead_for_more_than_a_day_are_cleared_away_at_start()
    {
        var incoming = Directory.CreateDirectory(Path.Combine(_folder.FullName, "incoming")).FullName;
        var dead = Path.Combine(incoming, Guid.NewGuid().ToString("N"));
        var alive = Path.Combine(incoming, Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(dead, new byte[10]);
        File.WriteAllBytes(alive, new byte[10]);
        File.SetLastWriteTimeUtc(dead, _time.Now.UtcDateTime - TimeSpan.FromHours(25));
        File.SetLastWriteTimeUtc(alive, _time.Now.UtcDateTime - TimeSpan.FromHours(23));
        Store();
        Assert.Equal(alive, Assert.Single(Files()).FullName);
    }

    [Fact]
    public async Task Reading_an_open_asset_allocates_nothing()
    {
        var store = Store();
        var id = await ImportAsync(store, Bytes(1, 100_000));
        using var content = store.Open(id);
        var buffer = new byte[4096];
        content.Read(0, buffer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var offset = 0; offset < 96_000; offset += 1000)
        {
            content.Read(offset, buffer);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        var file = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(file, "");
        var refused = Assert.Throws<MediaException>(() => new DirectoryMediaStore(new DirectoryMediaStoreOptions { Directory = file }));
        Assert.Equal(MediaError.Unreadable, refused.Error);
        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_hold_their_ranges()
    {
        Assert.Equal(16L << 30, new DirectoryMediaStoreOptions { Directory = "x" }.CapacityBytes);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DirectoryMediaStoreOptions { Directory = "x", CapacityBytes = Mebi - 1 });
        Assert.Throws<ArgumentException>(() => new DirectoryMediaStoreOptions { Directory = "" });
    }

    private static byte[] Bytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] ReadAll(IMediaContent content)
    {
        var bytes = new byte[content.Length];
        Assert.Equal(bytes.Length, content.Read(0, bytes));
        return bytes;
    }

    private DirectoryMediaStore Store(long capacityBytes = 64L * Mebi) =>
        new(new DirectoryMediaStoreOptions { Directory = _folder.FullName, CapacityBytes = capacityBytes }, _time);

    /// <summary>Imports at a time of its own.</summary>
    private async Task<MediaId> ImportAsync(DirectoryMediaStore store, byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        var id = await store.ImportAsync(stream, bytes.Length, MediaId.FromDigest(SHA256.HashData(bytes)), Cancel);
        _time.Now += TimeSpan.FromSeconds(1);
        return id;
    }

    private FileInfo[] Files() => [.. _folder.EnumerateFiles("*", SearchOption.AllDirectories)];

    /// <summary>Yields some bytes, then fails.</summary>
    private sealed class BreakingStream(Exception failure) : MemoryStream(new byte[1000])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await base.ReadAsync(buffer, CancellationToken.None);
            return count > 0 ? count : throw failure;
        }
    }
}
