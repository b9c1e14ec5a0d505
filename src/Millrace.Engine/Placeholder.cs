namespace Millrace.Engine;

internal static class Placeholder;
