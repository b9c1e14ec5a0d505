namespace Millrace.Pure.Tests.Simulation;

/// <summary>What a peer does wrong on purpose, to show that the invariants notice.</summary>
public enum Flaw
{
    None,

    /// <summary>A message that comes again takes effect again.</summary>
    ForgetsWhatItAccepted,

    /// <summary>A message that was refused is judged anew when it comes again.</summary>
    ForgetsWhatItRefused,

    /// <summary>Each copy of an opening message opens a process of its own.</summary>
    OpensAgain,

    /// <summary>A refused message ends the process, whatever the peer's state is.</summary>
    EndsUnasked,

    /// <summary>An answer that names another state is taken for a mere yes.</summary>
    OverlooksAnswers,

    /// <summary>The peer's state is compared with what the own state has become since it was asked for.</summary>
    TrustsOldAnswers,

    /// <summary>After a crash only what is decided from then on is sent.</summary>
    LosesItsOutbox,
}
