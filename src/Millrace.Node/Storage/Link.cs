using System.Data.Common;

namespace Millrace.Node.Storage;

/// <summary>
/// An open connection, and the statements that were run on it: SQLite compiles each once and not at every use. Used by
/// one reader or writer at a time.
/// </summary>
internal sealed class Link(DbConnection connection) : IAsyncDisposable
{
    /// <summary>More than the program has; only those with lists of values in them are without number.</summary>
    private const int StatementsMax = 200;

    private readonly Dictionary<string, DbCommand> _statements = [];

    public DbConnection Connection => connection;

    /// <summary>A statement, ready to run. It stays with the connection: do not dispose it.</summary>
    public DbCommand Statement(string sql, (string Name, object? Value)[] parameters, DbTransaction? transaction)
    {
        if (!_statements.TryGetValue(sql, out var command))
        {
            if (_statements.Count >= StatementsMax)
                Forget();
            command = connection.CreateCommand();
            command.CommandText = sql;
            _statements.Add(sql, command);
        }
        command.Transaction = transaction;
        Bind(command.Parameters, command.CreateParameter, parameters);
        return command;
    }

    /// <summary>Gives a statement its values: the names are the same at every use, and in the same order.</summary>
    internal static void Bind(
        DbParameterCollection bound, Func<DbParameter> create, (string Name, object? Value)[] parameters)
    {
        for (var i = bound.Count; i < parameters.Length; i++)
        {
            var parameter = create();
            parameter.ParameterName = parameters[i].Name;
            bound.Add(parameter);
        }
        for (var i = 0; i < parameters.Length; i++)
            bound[i].Value = parameters[i].Value ?? DBNull.Value;
    }

    public async ValueTask DisposeAsync()
    {
        Forget();
        await connection.DisposeAsync();
    }

    private void Forget()
    {
        foreach (var command in _statements.Values)
            command.Dispose();
        _statements.Clear();
    }
}
