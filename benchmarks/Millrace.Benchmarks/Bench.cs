namespace Millrace.Benchmarks;

/// <summary>What measures share: the program that is measured, a folder for throw-away files, the clock.</summary>
/// <param name="Program">The released program, an executable file.</param>
/// <param name="Folder">On the disk whose speed counts; deleted at the end.</param>
internal sealed record Bench(string Program, string Folder, TimeProvider Time)
{
    /// <summary>Tells what happens, apart from the figures.</summary>
    public static void Say(string text)
    {
        if (text.Length > 0)
            Console.Error.WriteLine(text);
    }

    public string NewFolder(string name)
    {
        var folder = Path.Combine(Folder, name);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        return Directory.CreateDirectory(folder).FullName;
    }
}
