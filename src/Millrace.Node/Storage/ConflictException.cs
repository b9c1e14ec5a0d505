namespace Millrace.Node.Storage;

/// <summary>Another node changed the row since it was read. The unit is decided again on the fresh state.</summary>
public sealed class ConflictException(string table, string id)
    : Exception($"Row {id} of {table} was changed by someone else at the same time.");
