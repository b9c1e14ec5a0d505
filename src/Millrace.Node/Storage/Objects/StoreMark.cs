namespace Millrace.Node.Storage.Objects;

/// <summary>
/// A file in the data folder that says in which bucket its objects are. Without it a command that does not know of the
/// bucket would quietly start a second store beside the first.
/// </summary>
internal static class StoreMark
{
    private const string Name = "objects.s3";

    /// <exception cref="ObjectStoreException">The objects of this data folder are in a bucket.</exception>
    public static void RequireNone(string dataFolder)
    {
        var path = Path.Combine(dataFolder, Name);
        if (!File.Exists(path))
            return;
        throw new ObjectStoreException(
            "other-store",
            $"The objects of this data folder are in {File.ReadAllText(path).Trim()}: set MILLRACE_S3_BUCKET and what "
            + $"goes with it. To go back to the folder, copy them there and delete {path}.");
    }

    /// <exception cref="ObjectStoreException">They are in another place.</exception>
    public static void Require(string dataFolder, string place)
    {
        var path = Path.Combine(dataFolder, Name);
        if (!File.Exists(path) && HoldsObjects(dataFolder))
            throw new ObjectStoreException(
                "other-store",
                $"This data folder holds objects itself: copy its folder objects to {place}, under objects/, and then "
                + "rename the folder, so that no product is left behind.");
        if (!File.Exists(path))
            File.WriteAllText(path, $"{place}\n");
        else if (File.ReadAllText(path).Trim() is var known && known != place)
            throw new ObjectStoreException(
                "other-store",
                $"The objects of this data folder are in {known}, not in {place}: name that bucket. If you moved them, "
                + $"delete {path}.");
    }

    private static bool HoldsObjects(string dataFolder) =>
        Path.Combine(dataFolder, FolderObjectStore.Objects) is var objects && Directory.Exists(objects)
        && Directory.EnumerateFiles(objects, "*", SearchOption.AllDirectories).Any();
}
