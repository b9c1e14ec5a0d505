namespace Millrace.Log;

/// <summary>Placeholder.</summary>
public static class MerkleTree;
