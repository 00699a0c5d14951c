using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace Reliable.Architecture;

/// <summary>What a type knows: every type in its signatures and in the instructions of its methods. Constants are compiled away and are not seen.</summary>
internal static class TypeReferences
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> s_codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!)
        .ToDictionary(static code => code.Value);

    public static IReadOnlySet<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        Add(found, type.BaseType);
        Add(found, type.GetInterfaces());
        Add(found, type.GetGenericArguments().SelectMany(Constraints));
        foreach (FieldInfo field in type.GetFields(Declared))
            Add(found, field.FieldType);
        foreach (MethodBase method in type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)))
            AddMethod(found, method);
        return found;
    }

    private static void AddMethod(HashSet<Type> found, MethodBase method)
    {
        Add(found, method.GetParameters().Select(static parameter => parameter.ParameterType));
        Add(found, (method as MethodInfo)?.ReturnType);
        if (method.IsGenericMethod)
            Add(found, method.GetGenericArguments().SelectMany(Constraints));
        if (method.GetMethodBody() is not { } body)
            return;
        Add(found, body.LocalVariables.Select(static local => local.LocalType));
        Add(found, body.ExceptionHandlingClauses.Where(static clause => clause.Flags == ExceptionHandlingClauseOptions.Clause).Select(static clause => clause.CatchType));
        foreach (int token in Tokens(body.GetILAsByteArray()!))
            AddMember(found, Resolve(method, token));
    }

    private static void AddMember(HashSet<Type> found, MemberInfo? member)
    {
        switch (member)
        {
            case Type type:
                Add(found, type);
                break;
            case FieldInfo field:
                Add(found, field.DeclaringType);
                break;
            case MethodBase method:
                Add(found, method.DeclaringType);
                if (method.IsGenericMethod)
                    Add(found, method.GetGenericArguments());
                break;
        }
    }

    private static MemberInfo? Resolve(MethodBase method, int token)
        => method.Module.ResolveMember(
            token,
            method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null,
            method.IsGenericMethod ? method.GetGenericArguments() : null);

    private static IEnumerable<int> Tokens(byte[] il)
    {
        for (int at = 0; at < il.Length;)
        {
            short value = il[at++];
            if (value == 0xFE)
                value = unchecked((short)(0xFE00 | il[at++]));
            OpCode code = s_codes[value];
            if (code.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
                yield return BinaryPrimitives.ReadInt32LittleEndian(il.AsSpan(at));
            at += SizeOf(code.OperandType, il, at);
        }
    }

    private static int SizeOf(OperandType operand, byte[] il, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(il.AsSpan(at))),
        _ => 4,
    };

    private static IEnumerable<Type> Constraints(Type parameter) => parameter.IsGenericParameter ? parameter.GetGenericParameterConstraints() : [parameter];

    private static void Add(HashSet<Type> found, IEnumerable<Type?> types)
    {
        foreach (Type? type in types)
            Add(found, type);
    }

    private static void Add(HashSet<Type> found, Type? type)
    {
        while (type?.HasElementType is true)
            type = type.GetElementType();
        if (type is null || type.IsGenericParameter)
            return;
        if (type.IsGenericType)
            Add(found, type.GetGenericArguments());
        found.Add(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
    }
}
