namespace Millrace.Node.Storage.Objects;

/// <summary>
/// Immutable files named by their content: the data of product versions. A folder by default, an S3-compatible store
/// otherwise.
/// </summary>
public interface IObjectStore
{
    /// <summary>Where the objects are, in words for people.</summary>
    string Place { get; }

    /// <summary>Writes and reads an object without content: what is wrong with the store shows now.</summary>
    /// <exception cref="ObjectStoreException">The store cannot be used, and why.</exception>
    Task CheckAsync(CancellationToken cancel);

    /// <summary>A path for a new file that is to become an object, or to serve while one is made.</summary>
    string NewFile(string extension);

    /// <summary>Takes over a local file; afterwards the object is durable and the local file is gone.</summary>
    /// <param name="file">A complete file, made under a name of <see cref="NewFile"/>.</param>
    /// <param name="sha256">Its digest, 64 lower-case hexadecimal digits.</param>
    /// <exception cref="ObjectStoreException">It could not be stored, and why; the local file may be left.</exception>
    Task PutAsync(string file, string sha256, CancellationToken cancel);

    /// <summary>The object as a local file, whole and with that digest.</summary>
    /// <exception cref="ObjectStoreException">There is no such object, or it cannot be had now.</exception>
    Task<LocalFile> OpenAsync(string sha256, CancellationToken cancel);
}
