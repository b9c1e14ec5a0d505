using System.CommandLine;

namespace Millrace.Node.Commands;

/// <summary>Options whose numbers have a range: the help names it, and what lies outside is refused.</summary>
internal static class Ranges
{
    /// <param name="most">Null: as many as can be written.</param>
    public static Option<T> Within<T>(this Option<T> option, long least, long? most)
    {
        var range = most is null ? $"at least {least}" : $"{least} to {most}";
        option.Description += $" Range: {range}.";
        option.Validators.Add(result =>
        {
            // What is no number has an error of its own.
            if (result.Tokens is [var token] && long.TryParse(token.Value, out var number)
                && (number < least || number > most))
            {
                result.AddError($"{option.Name} must be {range}, not {number}.");
            }
        });
        return option;
    }
}
