using System.Text.Json;
using Millrace.Node.Api;
using Millrace.Node.Storage.Objects;

namespace Millrace.Node.Hosting;

/// <summary>
/// The data folder as held by one running node: locked against a second one, with the file <c>node.json</c> that tells
/// commands where the node answers.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>Where the engine works and spills.</summary>
    public const string Work = "work";

    private readonly FileStream _lock;
    private readonly string _nodeFile;

    /// <exception cref="IOException">Another node works on the folder, or it cannot be written.</exception>
    public DataFolder(string path)
    {
        Path = Directory.CreateDirectory(path).FullName;
        _nodeFile = System.IO.Path.Combine(Path, NodeFile.Name);
        try
        {
            _lock = new FileStream(
                System.IO.Path.Combine(Path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken) when (taken is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new IOException(
                $"Another node works on {Path}: stop it, or choose another folder with --data.", taken);
        }
        try
        {
            Empty(IncomingFiles.Folder);
            Empty(Work);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    public string Path { get; }

    public void Announce(Uri address)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new NodeFile(address, Environment.ProcessId), ApiJson.Wire.NodeFile);
        var unfinished = $"{_nodeFile}.new";
        File.WriteAllBytes(unfinished, content);
        File.Move(unfinished, _nodeFile, overwrite: true);
    }

    public void Dispose()
    {
        File.Delete(_nodeFile);
        _lock.Dispose();
    }

    /// <summary>
    /// What a crash left unfinished is of no use to anybody, and nobody else would ever clear it away.
    /// </summary>
    private void Empty(string folder)
    {
        var path = System.IO.Path.Combine(Path, folder);
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }
}
