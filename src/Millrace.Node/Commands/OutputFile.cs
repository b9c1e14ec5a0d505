namespace Millrace.Node.Commands;

/// <summary>A file that a command writes whole; a failure is one sentence.</summary>
internal static class OutputFile
{
    /// <exception cref="CommandFailedException">It cannot be written.</exception>
    public static void Write(string path, string text)
    {
        try
        {
            File.WriteAllText(path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFailedException.BadInput($"{path} cannot be written: {e.Message}");
        }
    }
}
