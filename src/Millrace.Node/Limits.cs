namespace Millrace.Node;

/// <summary>Every bound of the node in one place. The defaults suit a machine with two cores and 2 GiB.</summary>
public sealed record Limits
{
    public static Limits Default { get; } = new();

    /// <summary>Units of work that share one database commit.</summary>
    public int GroupMax { get; init; } = 256;

    /// <summary>Units of work that may wait for the writer; more wait for room.</summary>
    public int WriteQueueMax { get; init; } = 4096;

    /// <summary>
    /// Connections of a node to its database, one of them to write; who finds none free waits. A PostgreSQL as it is
    /// installed takes 100, so three nodes; its connection string may say another number.
    /// </summary>
    public int ConnectionsMax { get; init; } = 30;

    /// <summary>Connections that stay open to read from while nobody reads; more are closed after use.</summary>
    public int IdleReadersMax { get; init; } = 16;

    /// <summary>How often a unit that lost a race against another node decides again.</summary>
    public int ConflictRetriesMax { get; init; } = 3;

    /// <summary>A Dataspace Protocol message, either way.</summary>
    public int MessageBytesMax { get; init; } = 1024 * 1024;

    /// <summary>A catalogue that a peer sends.</summary>
    public int CatalogueBytesMax { get; init; } = 32 * 1024 * 1024;

    /// <summary>A management request other than an upload.</summary>
    public int RequestBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>A form of the portal.</summary>
    public int FormBytesMax { get; init; } = 64 * 1024;

    /// <summary>All files of one upload together.</summary>
    public long UploadBytesMax { get; init; } = 64L * 1024 * 1024 * 1024;

    /// <summary>How often a source is asked whose connection breaks, the first time included.</summary>
    public int SourceAttemptsMax { get; init; } = 3;

    /// <summary>The pause before a file of a source is asked for again; twice as long before the next time.</summary>
    public TimeSpan SourcePause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause that a busy server gets which names one; whoever wants more is given up.</summary>
    public TimeSpan SourcePauseMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a source may send nothing.</summary>
    public TimeSpan SourceSilenceMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long one reading of a source may take, all attempts together: others wait for their turn.</summary>
    public TimeSpan SourceTimeMax { get; init; } = TimeSpan.FromHours(12);

    /// <summary>The rows of an incremental source that may share the greatest value of its column.</summary>
    public int BorderRowsMax { get; init; } = 10_000;

    /// <summary>The shortest time from one refresh by the clock to the next.</summary>
    public TimeSpan RefreshEveryMin { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest time from one refresh by the clock to the next.</summary>
    public TimeSpan RefreshEveryMax { get; init; } = TimeSpan.FromDays(366);

    /// <summary>The longest pause before a source is asked again that failed.</summary>
    public TimeSpan RefreshPauseMax { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a refresh may give no sign of life before it is run again: its node died.</summary>
    public TimeSpan RefreshSilenceMax { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Refreshes by the clock that one node runs at the same time.</summary>
    public int RefreshersMax { get; init; } = 2;

    public int FilesPerProductMax { get; init; } = 1000;

    /// <summary>The files of one upload of a collection of files of any kind.</summary>
    public int FilesPerCollectionMax { get; init; } = 100_000;

    /// <summary>The files of a version that was appended to: each read of it opens them all.</summary>
    public int FilesPerVersionMax { get; init; } = 400;

    /// <summary>Versions that an answer about one product tells of: each with all its figures.</summary>
    public int VersionsShownMax { get; init; } = 20;

    /// <summary>Items of a list that one answer holds.</summary>
    public int PageMax { get; init; } = 500;

    /// <summary>Leaves that one signed checkpoint adds to a log.</summary>
    public int EntriesPerCheckpointMax { get; init; } = 4096;

    /// <summary>An entry's canonical JSON; the tile format allows no more.</summary>
    public int EntryBytesMax { get; init; } = 65535;

    /// <summary>
    /// Ids of accepted messages, and of refused ones, that a process remembers so that a repeat gets the first answer.
    /// </summary>
    public int AnsweredMessagesMax { get; init; } = 32;

    /// <summary>Processes whose messages are on their way at the same time.</summary>
    public int SendersMax { get; init; } = 32;

    /// <summary>
    /// Attempts at one outgoing message before its process is given up. They come a minute apart after the first ten,
    /// so a peer may be away for a day.
    /// </summary>
    public int SendAttemptsMax { get; init; } = 1440;

    /// <summary>
    /// Attempts at a message whose process the peer says it does not know: it may be a moment behind, for a minute.
    /// </summary>
    public int NotFoundAttemptsMax { get; init; } = 10;

    /// <summary>
    /// How often a peer is asked again for its state while a message of its own may explain why it differs from ours.
    /// The pauses grow to more than two minutes in all, for it may pause a minute before it sends that message again.
    /// </summary>
    public int QuestionsMax { get; init; } = 10;

    /// <summary>Negotiations that one peer opened with one participant and that have not ended.</summary>
    public int OpenNegotiationsMax { get; init; } = 200;

    /// <summary>How long the ranges and resumptions of one read belong to it.</summary>
    public TimeSpan ReadLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many times its length one read may send, for what broke on the way.</summary>
    public int ReadRepeatsMax { get; init; } = 2;

    /// <summary>The rows that the answer to one query may have.</summary>
    public long QueryRowsMax { get; init; } = 1_000_000;

    /// <summary>How long a query may wait for another one of the same consumer: it runs one at a time.</summary>
    public TimeSpan QueryTurnWait { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long one query may take, its wait for a turn of the engine included.</summary>
    public TimeSpan QueryTimeMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a page waits for the access that a call needs.</summary>
    public TimeSpan CallWait { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The answer to a call that a page takes; larger ones are had as files.</summary>
    public int CallBytesMax { get; init; } = 1024 * 1024;

    /// <summary>The rows of an answer that a page shows.</summary>
    public int CallRowsShown { get; init; } = 100;

    /// <summary>How many times its length the read of a signed URL may send: engines open a file many times.</summary>
    public int UrlRepeatsMax { get; init; } = 10;

    /// <summary>How long a signed URL of a file opens it. Clients ask for new ones ten minutes before.</summary>
    public TimeSpan SignedUrlLifetime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long an access token lasts that was had for a client's credentials.</summary>
    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long the token of a next page leads there.</summary>
    public TimeSpan PageTokenLifetime { get; init; } = TimeSpan.FromDays(3);

    /// <summary>A request of Arrow Flight: a path, or a ticket.</summary>
    public int FlightRequestBytesMax { get; init; } = 16 * 1024;

    /// <summary>How long a ticket of Arrow Flight leads to its view.</summary>
    public TimeSpan FlightTicketLifetime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// About the size of a message of Arrow Flight: many clients take no more than 4 MiB. A longer row is still one.
    /// </summary>
    public int FlightMessageBytes { get; init; } = 1024 * 1024;

    /// <summary>How long a reader of Arrow Flight may take nothing before the stream is broken off.</summary>
    public TimeSpan FlightStallMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Parts of views made for the hints of one agreement's readers; then views go out whole.</summary>
    public int HintedViewsMax { get; init; } = 100;

    /// <summary>The characters of a hint that is looked at; longer ones are left alone.</summary>
    public int HintLengthMax { get; init; } = 16 * 1024;

    /// <summary>
    /// What governed views, and local copies of objects that are stored elsewhere, take of the disk together. What is
    /// being sent or used comes on top.
    /// </summary>
    public long CacheBytesMax { get; init; } = 20L * 1024 * 1024 * 1024;

    /// <summary>How long an object store may pause while it sends an object.</summary>
    public TimeSpan StoreSilenceMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The versions whose changes one answer holds.</summary>
    public int VersionsPerAnswerMax { get; init; } = 100;

    /// <summary>How often an open stream asks the gate again.</summary>
    public TimeSpan GateInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long an open stream may give no sign of life before what was reserved for it is given up: its node died.
    /// </summary>
    public TimeSpan SenderSilenceMax { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a request may wait for a process to settle.</summary>
    public TimeSpan WaitMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Nested catalogues that one search follows.</summary>
    public int NestedCataloguesMax { get; init; } = 200;

    /// <summary>Data sets that are read of one catalogue.</summary>
    public int FindingsMax { get; init; } = 250_000;

    /// <summary>Pages that are read of one catalogue: one that always names another must come to an end.</summary>
    public int CataloguePagesMax { get; init; } = 10_000;

    /// <summary>How long one catalogue is read, all its pages together.</summary>
    public TimeSpan CatalogueReadMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Searching reads a catalogue again that was read longer ago.</summary>
    public TimeSpan CatalogueAge { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a search waits for catalogues that were never read, or that it was told to read.</summary>
    public TimeSpan CatalogueFirstWait { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a search waits for catalogues that are being read again; then it answers from what it has.
    /// </summary>
    public TimeSpan CatalogueWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Words under which one product or data set is found.</summary>
    public int TermsPerDocumentMax { get; init; } = 400;

    /// <summary>Words that one search looks for; more are not looked at.</summary>
    public int WordsPerSearchMax { get; init; } = 16;

    /// <summary>Documents of the rarest word that one search looks at.</summary>
    public int CandidatesMax { get; init; } = 5_000;

    /// <summary>Hits of a search that one answer holds, where it does not ask for more or less.</summary>
    public int HitsUsual { get; init; } = 100;

    /// <summary>Products of others that one is compared with for what joins.</summary>
    public int JoinProductsMax { get; init; } = 200;

    /// <summary>Joins that one answer holds.</summary>
    public int JoinsMax { get; init; } = 100;

    /// <summary>The waiting time that a request asks for, within what is allowed.</summary>
    public TimeSpan Wait(int? seconds) =>
        TimeSpan.FromSeconds(Math.Clamp(seconds ?? 0, 0, (int)WaitMax.TotalSeconds));
}
