using System.Security.Cryptography;

namespace Millrace.Node.Identity;

/// <summary>A small file that only its owner may read. It appears whole or not at all, and is made once.</summary>
internal static class SecretFile
{
    private const int BytesMax = 4096;
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The content of the file, made from <paramref name="content"/> if there was none.</summary>
    /// <exception cref="InvalidDataException">Others may read the file, or it is far too large.</exception>
    public static byte[] ReadOrCreate(string path, ReadOnlySpan<byte> content)
    {
        if (!File.Exists(path))
            Create(path, content);
        return Read(path);
    }

    /// <inheritdoc cref="ReadOrCreate"/>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static byte[] Read(string path)
    {
        using var file = File.OpenHandle(path);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
            throw new InvalidDataException($"Others than its owner may read {path}. Run: chmod 600 {path}");
        if (RandomAccess.GetLength(file) > BytesMax)
            throw new InvalidDataException($"{path} is larger than {BytesMax} bytes.");
        var content = new byte[RandomAccess.GetLength(file)];
        var read = 0;
        while (read < content.Length && RandomAccess.Read(file, content.AsSpan(read), read) is > 0 and var more)
            read += more;
        return content[..read];
    }

    private static void Create(string path, ReadOnlySpan<byte> content)
    {
        var unfinished = $"{path}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Owner;
        try
        {
            using (var file = new FileStream(unfinished, options))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(unfinished, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first: its file counts.
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
