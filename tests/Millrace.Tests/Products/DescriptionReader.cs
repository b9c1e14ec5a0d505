using System.Reflection;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Products;

/// <summary>Somebody else's processor of JSON-LD, and somebody else's validator of SHACL.</summary>
internal sealed class DescriptionReader : IDisposable
{
    /// <summary>The environment variable that names a file of shapes, such as those published for DCAT-AP.</summary>
    public const string Variable = "MILLRACE_DCAT_SHAPES";

    /// <summary>In safe mode it fails where a member means nothing; no context is fetched from anywhere.</summary>
    private const string QuadsScript =
        """
        const jsonld = require('jsonld');
        const document = JSON.parse(require('fs').readFileSync(process.argv[2], 'utf8'));
        const documentLoader = url => { throw new Error('it fetches ' + url); };
        jsonld.toRDF(document, { format: 'application/n-quads', safe: true, documentLoader, base: 'urn:x-base:' })
          .then(quads => process.stdout.write(quads))
          .catch(e => { console.error(JSON.stringify(e, Object.getOwnPropertyNames(e))); process.exit(1); });
        """;

    /// <summary>Prints a line for each finding: the property, and what is demanded of it.</summary>
    private const string ShapesScript =
        """
        import fs from 'fs';
        import { Parser, Store } from 'n3';
        import Validator from 'rdf-validate-shacl';
        const read = path => new Store(new Parser().parse(fs.readFileSync(path, 'utf8')));
        const report = await new Validator(read(process.argv[3])).validate(read(process.argv[2]));
        for (const found of report.results)
          console.log(found.path?.value ?? found.focusNode?.value, found.sourceConstraintComponent?.value);
        """;

    private readonly NpmFolder _npm = new();

    private DescriptionReader()
    {
    }

    public static async Task<DescriptionReader> StartAsync()
    {
        var reader = new DescriptionReader();
        await reader._npm.WriteAsync(
            "package.json",
            """{"private":true,"dependencies":{"jsonld":"9.0.0","n3":"2.13.12","rdf-validate-shacl":"0.6.5"}}""");
        await reader._npm.WriteAsync("quads.js", QuadsScript);
        await reader._npm.WriteAsync("shapes.mjs", ShapesScript);
        using var shapes = new StreamReader(
            Assembly.GetExecutingAssembly().GetManifestResourceStream("descriptions.ttl")!);
        await reader._npm.WriteAsync("descriptions.ttl", await shapes.ReadToEndAsync(TestNode.Cancel));
        await reader._npm.InstallAsync();
        return reader;
    }

    /// <summary>What JSON-LD says, as N-Quads.</summary>
    public async Task<string> QuadsAsync(string json)
    {
        await _npm.WriteAsync("description.json", json);
        return await _npm.RunAsync("node", "quads.js", "description.json");
    }

    /// <summary>What of it no shape allows; empty: it is as it should be.</summary>
    /// <param name="shapes">A file of Turtle; null: those of <c>descriptions.ttl</c>.</param>
    public async Task<string> BrokenAsync(string quads, string? shapes = null)
    {
        await _npm.WriteAsync("description.nq", quads);
        return await _npm.RunAsync("node", "shapes.mjs", "description.nq", shapes ?? "descriptions.ttl");
    }

    public void Dispose() => _npm.Dispose();
}
