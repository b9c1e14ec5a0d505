namespace Millrace.Node.Portal;

public static partial class Texts
{
    public static readonly Text Prove = new("Try what it forbids", "验证禁止事项");
    public static readonly Text Proof = new("Proved clauses", "条款验证");
    public static readonly Text ProofWhat = new(
        "All that this offer forbids was tried on the real product, by each way to read, before anybody signs it.",
        "在任何人签署之前，已在真实产品上以每种读取方式尝试此要约所禁止的一切。");
    public static readonly Text ProofHeld = new("All that was tried was refused.", "所有尝试均被拒绝。");
    public static readonly Text ProofBroken = new(
        "Something was let through: see the sentences marked so.", "有尝试未被拒绝：请查看带标记的条款。");
    public static readonly Text Tried = new("Tried", "尝试");
    public static readonly Text TriedAt = new("Tried on", "尝试时间");
    public static readonly Text Attempts = new("{0} attempts", "{0} 次尝试");
    public static readonly Text Way = new("Way", "方式");
    public static readonly Text CameOfIt = new("What came of it", "结果");
}
