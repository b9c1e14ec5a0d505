namespace Millrace.Node.Storage.Objects;

/// <summary>
/// Immutable files named by their content: the data of product versions and governed views. A folder by default, an
/// S3-compatible store otherwise.
/// </summary>
public interface IObjectStore
{
    /// <summary>Takes over a local file; afterwards the object is durable and the local file is gone.</summary>
    /// <param name="file">A complete file, on the file system of <see cref="NewFile"/>.</param>
    /// <param name="sha256">Its digest, 64 lower-case hexadecimal digits.</param>
    Task PutAsync(string file, string sha256, CancellationToken cancel);

    /// <summary>A local path from which the object can be read, for as long as the node runs.</summary>
    /// <exception cref="FileNotFoundException">There is no such object.</exception>
    Task<string> LocalAsync(string sha256, CancellationToken cancel);

    /// <summary>A path for a new file that is to become an object.</summary>
    string NewFile(string extension);
}
