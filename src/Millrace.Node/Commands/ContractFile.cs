using System.Text;
using Millrace.Engine.Supply.Contracts;

namespace Millrace.Node.Commands;

/// <summary>A data contract in a file.</summary>
internal static class ContractFile
{
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    /// <returns>Its text as it is.</returns>
    /// <exception cref="CommandFailedException">It is not there, or is no text.</exception>
    public static string Read(string path)
    {
        try
        {
            return _strict.GetString(InputFiles.Read(path, ContractReader.BytesMax)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            throw CommandFailedException.BadInput($"{path} is no text in UTF-8; save it as one.");
        }
    }
}
