using System.Text;

namespace Millrace.Node.Commands;

/// <summary>All that a command sees of the world outside, so that a test can hand in its own.</summary>
/// <param name="Variable">An environment variable by its name.</param>
/// <param name="StartNode">Starts a node in this process when none runs.</param>
/// <param name="DrawReport">Draws a report as HTML.</param>
/// <param name="Width">Columns of the terminal; null where the output is no terminal.</param>
/// <param name="Colour">Whether the output may carry colours.</param>
/// <param name="Motion">Whether the error output may carry progress bars.</param>
public sealed record Surroundings(
    TextWriter Output,
    TextWriter Error,
    Func<string, string?> Variable,
    NodeStart StartNode,
    ReportDrawing DrawReport,
    TimeProvider Time,
    int? Width = null,
    bool Colour = false,
    bool Motion = false)
{
    /// <summary>Those of the process. NO_COLOR with any value means neither colours nor motion.</summary>
    public static Surroundings OfProcess(NodeStart startNode, ReportDrawing drawReport)
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var plain = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            || Environment.GetEnvironmentVariable("TERM") is "dumb";
        return new Surroundings(
            Console.Out,
            Console.Error,
            Environment.GetEnvironmentVariable,
            startNode,
            drawReport,
            TimeProvider.System,
            Console.IsOutputRedirected ? null : Math.Max(40, Console.WindowWidth),
            Colour: !plain && !Console.IsOutputRedirected,
            Motion: !plain && !Console.IsErrorRedirected);
    }
}
