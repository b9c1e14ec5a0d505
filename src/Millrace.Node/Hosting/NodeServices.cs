using Millrace.Engine.Delivery;
using Millrace.Engine.Duck;
using Millrace.Engine.Queries;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Classification;
using Millrace.Engine.Supply.Contracts;
using Millrace.Engine.Supply.Drift;
using Millrace.Engine.Supply.Fitness;
using Millrace.Node.Agreements;
using Millrace.Node.Catalogues;
using Millrace.Node.Delivery;
using Millrace.Node.Evidence;
using Millrace.Node.Flight;
using Millrace.Node.Identity;
using Millrace.Node.Messaging;
using Millrace.Node.Negotiations;
using Millrace.Node.Portal;
using Millrace.Node.Products;
using Millrace.Node.Queries;
using Millrace.Node.Sharing;
using Millrace.Node.Sources;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Objects;
using Millrace.Node.Transfers;

namespace Millrace.Node.Hosting;

/// <summary>What a node is made of.</summary>
internal static class NodeServices
{
    public static void AddNode(
        this IServiceCollection services, NodeOptions options, Database database, AdminToken admin, Clock clock)
    {
        services.AddSingleton(options).AddSingleton(database).AddSingleton(admin).AddSingleton(clock);
        services.AddSingleton(clock.Time).AddSingleton<Ids>().AddSingleton<NodeAddress>();
        AddObjects(services, options);
        AddIdentity(services, options);
        AddEvidence(services);
        AddMessaging(services);
        AddEngine(services, options);
        // A parameter that is missing is answered like every other error: with a body.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddSingleton<ProductPublisher>().AddSingleton<ProductTables>();
        services.AddSingleton<FileStates>().AddSingleton<TableStudy>().AddSingleton<QualityVerifier>();
        services.AddSingleton<VersionComparison>().AddSingleton<FitnessStudy>();
        services.AddSingleton<ContractDrafts>();
        services.AddSingleton(new SourceSettings(
            options.SourceFolders, options.SourceHosts, Environment.GetEnvironmentVariable));
        services.AddSingleton<DatabaseSource>().AddSingleton<HttpSource>().AddSingleton<S3Source>();
        services.AddSingleton<SourceReader>();
        services.AddSingleton<VersionJoin>().AddSingleton<ProductRefresh>().AddSingleton<RefreshTurns>();
        if (options.RunsSchedules)
            services.AddHostedService<RefreshRunner>();
        services.AddSingleton<UploadReader>().AddSingleton<HandedInReader>().AddSingleton<LevelDecisions>();
        services.AddSingleton<ElementDecisions>().AddSingleton<ReleasedStates>().AddSingleton<JoinSearch>();
        services.AddSingleton<CatalogueReader>();
        services.AddSingleton<FoundCatalogues>().AddSingleton<FoundDatasets>();
        services.AddSingleton<Promises>().AddSingleton<NegotiationSteps>().AddSingleton<NegotiationMoves>();
        services.AddSingleton<NegotiationOpenings>().AddSingleton<WrittenRules>();
        services.AddSingleton<NegotiationActs>().AddSingleton<NegotiationStarts>().AddSingleton<ForeignTerms>();
        services.AddSingleton<IOutboxListener, NegotiationOutcomes>();
        services.AddSingleton<TransferSteps>().AddSingleton<TransferActs>().AddSingleton<TransferMoves>();
        services.AddSingleton<Receptions>().AddSingleton<DataRelay>().AddSingleton<QueryCalls>();
        services.AddSingleton<TransferStarts>().AddSingleton<PurposeSigning>();
        services.AddSingleton<IOutboxListener, TransferOutcomes>();
        services.AddSingleton<TransferEnding>(p => p.GetRequiredService<OpenReads>().EndAllAsync);
        services.AddSingleton<AgreementWithdrawal>().AddSingleton<AgreementDuties>();
        services.AddSingleton<AgreementEnding>(p => p.GetRequiredService<TransferMoves>().EndAllAsync);
        services.AddSingleton<OpenReads>().AddSingleton<Gate>().AddSingleton<Admission>();
        services.AddSingleton<TextSeal>().AddSingleton<Recipients>();
        services.AddSingleton<ViewStore>().AddSingleton<PartSender>().AddSingleton<DataSender>();
        services.AddSingleton<QueryRuns>().AddSingleton<QueryAnswers>().AddSingleton<CollectionFiles>();
        services.AddHostedService<ReadSweeper>();
        AddSharing(services);
        if (options.FlightPort is not null)
            FlightRoutes.AddServices(services, options.Limits);
        services.AddPortal(options.Listen.Port);
    }

    private static void AddSharing(IServiceCollection services)
    {
        services.AddSingleton<PageTokens>().AddSingleton<SignedUrls>().AddSingleton<Shares>();
        services.AddSingleton<TableFiles>().AddSingleton<TableReads>().AddSingleton<TableChanges>();
    }

    private static void AddObjects(IServiceCollection services, NodeOptions options)
    {
        var folder = options.DataFolder;
        services.AddSingleton(p => new IncomingFiles(folder, p.GetRequiredService<Ids>()));
        services.AddSingleton(
            p => new FileCache(folder, p.GetRequiredService<Ids>(), p.GetRequiredService<Clock>()));
        if (options.S3 is { } s3)
        {
            services.AddSingleton(s3).AddSingleton<S3Bucket>();
            services.AddSingleton<IObjectStore>(p => new S3ObjectStore(
                p.GetRequiredService<S3Bucket>(), p.GetRequiredService<FileCache>(),
                p.GetRequiredService<IncomingFiles>(), folder));
        }
        else
        {
            services.AddSingleton<IObjectStore>(
                p => new FolderObjectStore(folder, p.GetRequiredService<IncomingFiles>()));
        }
    }

    private static void AddIdentity(IServiceCollection services, NodeOptions options)
    {
        services.AddSingleton(new IdentityOptions
        {
            AllowHttpLoopback = options.AllowPrivatePeers,
            AllowPrivatePeers = options.AllowPrivatePeers,
        });
        services.AddSingleton(options.MasterKey is { } text
            ? MasterKey.FromText(text)
            : MasterKey.OpenOrCreate(options.DataFolder));
        services.AddSingleton<SecretBox>().AddSingleton<ParticipantKeys>().AddSingleton<LocalParticipants>();
        services.AddSingleton<OwnDocuments>().AddSingleton<UsedTokens>();
        services.AddSingleton(p => new GuardedHttp(
            p.GetRequiredService<IdentityOptions>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<OwnDocument>(p => p.GetRequiredService<OwnDocuments>().FindAsync);
        services.AddSingleton<DidResolver>();
        services.AddSingleton<ResolveDid>(p => p.GetRequiredService<DidResolver>().ResolveAsync);
        services.AddSingleton<SelfIssuedTokenVerifier>().AddSingleton<IPeerAuthentication, PeerAuthentication>();
    }

    private static void AddEvidence(IServiceCollection services)
    {
        services.AddSingleton<LogKeys>().AddSingleton<EvidenceLog>().AddSingleton<EvidenceAudit>();
        services.AddSingleton<Sequencer>().AddHostedService(p => p.GetRequiredService<Sequencer>());
    }

    private static void AddMessaging(IServiceCollection services)
    {
        services.AddSingleton<Signal>().AddSingleton<PeerClient>().AddSingleton<PeerDirectory>();
        services.AddSingleton<Outbox>().AddSingleton<Questions>();
        services.AddSingleton<OutboxSender>().AddHostedService(p => p.GetRequiredService<OutboxSender>());
    }

    private static void AddEngine(IServiceCollection services, NodeOptions options)
    {
        services.AddSingleton(_ => new DuckPool(new EngineOptions(Path.Combine(options.DataFolder, DataFolder.Work))));
        services.AddSingleton<TableImport>().AddSingleton<FileIndex>();
        services.AddSingleton<Profiler>().AddSingleton<Classifier>().AddSingleton<RuleChecker>();
        services.AddSingleton<DriftMeter>().AddSingleton<FitnessMeter>().AddSingleton<ColumnRelations>();
        services.AddSingleton<GovernedView>();
        services.AddSingleton<GovernedQuery>();
        services.AddSingleton<ViewInspection>().AddSingleton<WayProver>().AddSingleton<ClauseProver>();
        services.AddSingleton<ViewParts>();
    }
}
