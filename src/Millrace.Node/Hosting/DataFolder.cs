using System.Text.Json;
using Millrace.Node.Api;

namespace Millrace.Node.Hosting;

/// <summary>
/// The data folder as held by one running node: locked against a second one, with the file <c>node.json</c> that tells
/// commands where the node answers.
/// </summary>
internal sealed class DataFolder : IDisposable
{
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
}
