using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

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
            Publish(unfinished, path);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>
    /// Gives the finished file its name, unless another process was first: then that one's file counts.
    /// </summary>
    /// <remarks>
    /// On Unix <see cref="File.Move(string, string, bool)"/> looks whether the name is free and then renames, so of two
    /// who start at once the second replaces a key that the first already uses. A hard link takes the name or fails.
    /// </remarks>
    private static void Publish(string unfinished, string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            if (Link(CString(unfinished), CString(path)) != 0 && !File.Exists(path))
                throw new IOException(
                    $"{path} cannot be made: {Marshal.GetLastPInvokeErrorMessage()}. " +
                    "The data folder must be on a file system with hard links.");
            return;
        }
        try
        {
            File.Move(unfinished, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Windows refuses a name that is taken in one step.
        }
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link(byte[] existing, byte[] name);

    /// <summary>As C wants a path: UTF-8 with a zero at the end.</summary>
    private static byte[] CString(string path) => Encoding.UTF8.GetBytes(path + "\0");
}
