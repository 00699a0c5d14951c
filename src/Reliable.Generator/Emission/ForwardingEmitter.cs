using Reliable.Generator.Model;

namespace Reliable.Generator.Emission;

/// <summary>Writes the members of a decorator that only hand on.</summary>
internal static class ForwardingEmitter
{
    public static void Write(SourceWriter writer, ForwardedMemberModel member)
    {
        switch (member.Kind)
        {
            case ForwardedMemberKind.Method:
                SignatureEmitter.Write(writer, member.Signature);
                writer.Line($"    => {Value(member)};");
                break;
            case ForwardedMemberKind.Property:
                SignatureEmitter.WriteAttributes(writer, member.Signature);
                WriteProperty(writer, member);
                break;
            case ForwardedMemberKind.Event:
                SignatureEmitter.WriteAttributes(writer, member.Signature);
                writer.Line($$"""
                    {{member.Signature.Modifiers}}event {{member.Signature.ReturnType}} {{member.Signature.Name}}
                    {
                        add => {{member.Target}} += value;
                        remove => {{member.Target}} -= value;
                    }
                    """);
                break;
        }
    }

    private static void WriteProperty(SourceWriter writer, ForwardedMemberModel member)
    {
        SignatureModel signature = member.Signature;
        string parameters = signature.Parameters.Count == 0 ? "" : $"[{string.Join(", ", signature.Parameters)}]";
        string declaration = $"{signature.Modifiers}{signature.ReturnType} {signature.Name}{parameters}";
        if (member is { HasGetter: true, HasSetter: false })
        {
            writer.Line($"{declaration} => {Value(member)};");
            return;
        }

        writer.Open(declaration);
        if (member.HasGetter)
        {
            writer.Line($"get => {Value(member)};");
        }

        // Nobody initializes a decorator, and an object that exists cannot be initialized again.
        writer.Line(member.IsInitOnly ? "init => throw new global::System.NotSupportedException();" : $"set => {member.Target} = value;");
        writer.Close();
    }

    private static string Value(ForwardedMemberModel member) => (member.ReturnsByRef ? "ref " : "") + member.Target;
}
