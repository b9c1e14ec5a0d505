using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Classification;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Queries;

namespace Millrace.Node.Products;

/// <summary>May a table be the next version of a product?</summary>
/// <param name="product">As it is; null: the table is a new product's first version.</param>
/// <param name="id">The product's.</param>
/// <param name="schema">The table's.</param>
internal sealed class NextVersion(ProductRecord? product, string id, TableSchema schema)
{
    /// <summary>The rows to append are, byte for byte, those of a part that is there.</summary>
    public const string AppendedAlready = "appended-already";

    /// <summary>
    /// Running contracts froze the columns, and what the product is: a later version may only add columns.
    /// </summary>
    /// <param name="query">The query that the holder says is offered; null: what is there stays.</param>
    /// <param name="isCollection">The table is the index of a collection of files.</param>
    public Refusal? Objection(QueryDefinition? query, bool isCollection)
    {
        if (product is null)
            return null;
        if (isCollection != product.HoldsFiles)
            return new Refusal(
                "kind-changed",
                $"The product {id} is {(product.HoldsFiles ? "a collection of files" : "a table")}, and stays it. " +
                "Publish this as another product with --id.");
        if (query is not null && !QueryDefinition.Same(query, product.Query))
            return new Refusal(
                "query-changed",
                $"The product {id} is {(product.Query is null ? "a table" : "another query")}, and stays it. " +
                "Publish the query as another product with --id.");
        return Difference() is { } difference
            ? new Refusal(
                "schema-changed",
                $"The product {id} has other columns: {difference}. A new version may only add columns at the end. " +
                "Publish it as another product with --id.")
            : null;
    }

    /// <summary>May the table's rows follow those of a version?</summary>
    /// <param name="before">The newest version; null: there is none.</param>
    public Refusal? Objection(ProductVersionRecord? before, ImportedTable table, Limits limits)
    {
        if (before is null)
            return new Refusal(
                "nothing-to-append-to", $"There is no product {id} to append to: name it with --id, or publish it.");
        if (schema.Columns.Count > before.Schema.Columns.Count)
            return new Refusal(
                "schema-changed",
                $"The rows of {id} do not have the column {schema.Columns[before.Schema.Columns.Count].Name}: " +
                "publish the whole table again, without --append.");
        if (before.Files.Any(f => f.Sha256 == table.Sha256))
            return new Refusal(AppendedAlready, $"The product {id} has these rows already: nothing was appended.");
        return before.Files.Count < limits.FilesPerVersionMax
            ? null
            : new Refusal(
                "too-many-files",
                $"The product {id} has {before.Files.Count} parts, as many as it may: publish the whole table again, "
                + "without --append.");
    }

    /// <summary>What it goes on with must still be the newest version.</summary>
    /// <param name="before">Its number; 0: there was none.</param>
    public Refusal? Overtaken(int before) =>
        (product?.Latest ?? 0) != before
            ? new Refusal("overtaken", $"Another version of {id} was published meanwhile: do it again.")
            : null;

    /// <summary>
    /// The sensitive columns of a new product are masked, and those that a version adds. Where agreements may run that
    /// show the column, its holder says so first.
    /// </summary>
    public Decision<DefaultPlan> Plan(ClassificationReport report)
    {
        var sensitivity = Sensitivity.Of(product, report);
        if (product is null)
            return sensitivity.Guard(DefaultPlan.None, schema.Columns);
        // What is added now, no agreement shows.
        var plan = sensitivity.Guard(product.Hidden, schema.Columns.Skip(product.Schema.Columns.Count));
        var objection = sensitivity.Objection(
            plan, schema,
            (column, mask) => $"mask it first, with millrace policy default {id} --mask {column}={mask}.");
        return objection is null ? plan : objection;
    }

    private string? Difference()
    {
        var columns = Check.NotNull(product).Schema.Columns;
        for (var i = 0; i < columns.Count; i++)
        {
            if (i >= schema.Columns.Count)
                return $"{columns[i].Name} is missing";
            var (then, now) = (columns[i], schema.Columns[i]);
            if (then.Name != now.Name)
                return $"{now.Name} stands where {then.Name} was";
            if (then.Type != now.Type)
                return $"{now.Name} was {QueryJson.TypeName(then.Type)} and is {QueryJson.TypeName(now.Type)} now";
        }
        return null;
    }
}
