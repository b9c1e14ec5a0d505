namespace Millrace.Protocol;

/// <summary>How the messages of one <c>@type</c> are read.</summary>
/// <param name="Name">The type without namespace.</param>
/// <param name="Message">The record that reading yields, or the common base of several.</param>
internal sealed record WireType(string Name, Type Message, Func<WireObject, Message> Read)
{
    public static WireType Of<TMessage>(string name, Func<WireObject, TMessage> read)
        where TMessage : Message =>
        new(name, typeof(TMessage), read);

    /// <summary>Whether reading can yield what is expected.</summary>
    public bool MayYield(Type expected) => expected.IsAssignableFrom(Message) || Message.IsAssignableFrom(expected);
}
