using System.Globalization;

namespace Millrace.ConformanceHost;

/// <summary>How the host is started.</summary>
public sealed record HostOptions
{
    public const string Usage =
        """
        conformance-host [--port 8282] [--trigger-port PORT+1] [--public NAME] [--pause 0.3]
          --port          where the node answers; 0 takes a free one
          --trigger-port  where the triggers are; the port after the node's, unless given
          --public        the name under which the kit reaches this machine, when it runs on another one or in a
                          container; the host then listens on every address
          --pause         seconds before each automatic message
        """;

    public int Port { get; init; } = 8282;

    public int? TriggerPort { get; init; }

    /// <summary>The name under which the kit reaches this machine; null: only from this machine.</summary>
    public string? PublicName { get; init; }

    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(0.3);

    /// <exception cref="ArgumentException">What is wrong with an argument, as a sentence.</exception>
    public static HostOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new HostOptions();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var value = i + 1 < arguments.Count
                ? arguments[i + 1]
                : throw new ArgumentException($"{arguments[i]} needs a value.");
            options = arguments[i] switch
            {
                "--port" => options with { Port = Number(value) },
                "--trigger-port" => options with { TriggerPort = Number(value) },
                "--public" => options with { PublicName = value },
                "--pause" => options with { Pause = Seconds(value) },
                _ => throw new ArgumentException($"{arguments[i]} is not known."),
            };
        }
        return options;
    }

    private static int Number(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port
            : throw new ArgumentException($"{text} is no port.");

    private static TimeSpan Seconds(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) &&
        seconds <= 60
            ? TimeSpan.FromSeconds(seconds)
            : throw new ArgumentException($"{text} is no pause of 0 to 60 seconds.");
}
