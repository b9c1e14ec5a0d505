using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Millrace.Node.Identity;

namespace Millrace.Tests.Identity;

public sealed class SecretTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("millrace-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_secret_opens_only_for_the_participant_and_purpose_it_was_sealed_for()
    {
        var box = new SecretBox(MasterKey.OpenOrCreate(_folder));
        var sealedSecret = box.Seal("secret"u8, "ab", "c");
        Assert.Equal("secret", Encoding.UTF8.GetString(box.Open(sealedSecret, "ab", "c")));
        Assert.NotEqual(sealedSecret, box.Seal("secret"u8, "ab", "c"));
        Assert.ThrowsAny<CryptographicException>(() => box.Open(sealedSecret, "a", "bc"));
        Assert.ThrowsAny<CryptographicException>(() => box.Open(sealedSecret, "ab", "d"));
        var other = new SecretBox(MasterKey.FromText(DataToken.New()));
        Assert.ThrowsAny<CryptographicException>(() => other.Open(sealedSecret, "ab", "c"));
    }

    [Fact]
    public void A_box_changed_or_cut_anywhere_does_not_open()
    {
        var box = new SecretBox(MasterKey.OpenOrCreate(_folder));
        var sealedSecret = box.Seal("secret"u8, "p", "c");
        for (var at = 0; at < sealedSecret.Length; at++)
        {
            var changed = sealedSecret.ToArray();
            changed[at] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => box.Open(changed, "p", "c"));
            Assert.ThrowsAny<CryptographicException>(() => box.Open(sealedSecret.AsSpan(0, at), "p", "c"));
        }
    }

    [Fact]
    public void A_key_survives_its_export_and_belongs_to_its_participant()
    {
        var box = new SecretBox(MasterKey.OpenOrCreate(_folder));
        using var key = ParticipantKey.Generate("key-1");
        var exported = key.Export(box, "acme");
        using var back = ParticipantKey.Import(exported, box, "acme", "key-1");
        Assert.Equal(key.PublicKey, back.PublicKey);
        Assert.ThrowsAny<CryptographicException>(() => ParticipantKey.Import(exported, box, "other", "key-1"));
        Assert.ThrowsAny<CryptographicException>(() => ParticipantKey.Import(exported, box, "acme", "key-2"));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_master_key_is_made_once_for_its_owner_only()
    {
        // Whoever comes first makes it, and all the others take that one: many rounds, for a race shows rarely.
        for (var round = 0; round < 100; round++)
        {
            File.Delete(Path.Combine(_folder, MasterKey.FileName));
            using var start = new Barrier(4);
            var keys = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait(TestContext.Current.CancellationToken);
                    return MasterKey.OpenOrCreate(_folder);
                },
                TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            var sealedSecret = new SecretBox(keys[0]).Seal("s"u8, "p", "c");
            Assert.All(keys, key => Assert.Equal("s"u8.ToArray(), new SecretBox(key).Open(sealedSecret, "p", "c")));
        }
        var file = Assert.Single(Directory.GetFiles(_folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupRead)]
    [UnsupportedOSPlatform("windows")]
    public void A_key_that_others_may_read_is_refused(UnixFileMode mode)
    {
        MasterKey.OpenOrCreate(_folder);
        AdminToken.OpenOrCreate(_folder);
        foreach (var path in Directory.GetFiles(_folder))
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | mode);
        Assert.Throws<InvalidDataException>(() => MasterKey.OpenOrCreate(_folder));
        Assert.Throws<InvalidDataException>(() => AdminToken.Read(_folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("c2hvcnQ")]
    [InlineData("not base64url!")]
    public void A_master_key_of_another_size_is_refused(string text) =>
        Assert.Throws<FormatException>(() => MasterKey.FromText(text));

    [Fact]
    public void The_admin_token_stays_the_same_and_matches_only_itself()
    {
        Assert.Throws<FileNotFoundException>(() => AdminToken.Read(_folder));
        var token = AdminToken.OpenOrCreate(_folder);
        Assert.Equal(token.Text, AdminToken.OpenOrCreate(_folder).Text);
        Assert.True(AdminToken.Read(_folder).Matches(token.Text));
        Assert.False(token.Matches(token.Text + "x"));
        Assert.False(token.Matches(""));
        Assert.DoesNotContain(token.Text, token.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_token_is_recognised_by_its_hash()
    {
        var token = DataToken.New();
        Assert.Equal(43, token.Length);
        Assert.True(DataToken.Matches(token, DataToken.Hash(token)));
        Assert.False(DataToken.Matches(DataToken.New(), DataToken.Hash(token)));
    }
}
