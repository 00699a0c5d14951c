using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Reliable.Generator.Analysis;
using Reliable.Generator.Collections;
using Reliable.Generator.Diagnostics;
using Reliable.Generator.Model;

namespace Reliable.Generator.Parsing;

/// <summary>Reads an interface with annotated methods into the model of its decorator.</summary>
internal sealed class DecoratorParser(INamedTypeSymbol type, Compilation compilation, DiagnosticSink sink, CancellationToken cancellation)
{
    private readonly List<WrappedMemberModel> _wrapped = [];
    private readonly List<ForwardedMemberModel> _forwarded = [];
    private readonly List<ISymbol> _named = [];
    private readonly HashSet<string> _fields = [DecoratorNames.Inner(type), DecoratorNames.Runtime(type)];

    public static DecoratorModel? Parse(INamedTypeSymbol type, Compilation compilation, DiagnosticSink sink, CancellationToken cancellation)
        => new DecoratorParser(type, compilation, sink, cancellation).Parse();

    private DecoratorModel? Parse()
    {
        if (!InterfaceRules.Check(type, compilation, sink))
        {
            return null;
        }

        foreach (INamedTypeSymbol each in type.AllInterfaces.Prepend(type))
        {
            foreach (ISymbol member in each.GetMembers().Where(member => MemberForwarding.IsForwarded(member, compilation)))
            {
                cancellation.ThrowIfCancellationRequested();
                ReadMember(member);
            }
        }

        DecoratorNames names = new(type, compilation);
        return new DecoratorModel(
            HintNames.Of(type),
            type.NamespaceName(),
            names.Accessibility,
            names.Decorator,
            type.Full(),
            names.Reference,
            type.TypeParameters.Select(static parameter => Identifiers.WriteType(parameter.Name)).ToEquatableArray(),
            type.TypeParameters.Select(SignatureReader.DeclaredTypeParameter).ToEquatableArray(),
            Constraints.Of(type.TypeParameters),
            names.RegistrationClass,
            names.RegistrationName,
            names.InnerField,
            names.RuntimeField,
            names.ImplementationParameter,
            SuppressedWarnings.OfPublic(_named.Append(type).Concat(type.TypeParameters.SelectMany(static parameter => parameter.ConstraintTypes)), compilation.Assembly),
            _wrapped.ToEquatableArray(),
            _forwarded.ToEquatableArray());
    }

    private void ReadMember(ISymbol member)
    {
        if (member is IMethodSymbol method && AnnotatedMethods.IsAnnotated(method) && TryWrap(method))
        {
            return;
        }

        _forwarded.Add(MemberForwarding.Read(member, type));
        _named.AddRange(member is IMethodSymbol plain ? SuppressedWarnings.Signature(plain) : [member]);
    }

    /// <summary>Wraps a method; one with an error is handed on, so that the error is the only one.</summary>
    private bool TryWrap(IMethodSymbol method)
    {
        CallShape shape = CallShape.Of(method);
        DecoratorSite site = new(method, shape, type, compilation);
        DiagnosticSink own = new();
        var parsed = CallParser.Parse(method, shape, site, FieldOf, compilation, own, cancellation);

        // What an interface inherits is reported where it is declared.
        if (SymbolEqualityComparer.Default.Equals(method.ContainingType, type))
        {
            sink.Add(own);
        }

        if (parsed is not { } call)
        {
            return false;
        }

        SignatureModel signature = SignatureReader.OfExplicit(method);
        EquatableArray<string> attributes = signature.Attributes.Concat(KeptAttributes.OfWrapper(method)).ToEquatableArray();
        _wrapped.Add(new WrappedMemberModel(signature with { Attributes = attributes }, call.Call));
        _named.AddRange(SuppressedWarnings.Signature(method).Concat(call.Named));
        return true;
    }

    private string FieldOf(IMethodSymbol method)
    {
        string field = PolicyFields.Next(method, _fields.Contains);
        _fields.Add(field);
        return field;
    }
}
