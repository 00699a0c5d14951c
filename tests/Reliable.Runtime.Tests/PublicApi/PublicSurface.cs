using System.Globalization;
using System.Reflection;
using System.Text;

namespace Reliable.PublicApi;

/// <summary>Writes down what an assembly shows: a line for each public or protected member, sorted.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext s_nullability = new();

    public static string Of(Assembly assembly)
    {
        IEnumerable<string> lines = assembly.GetExportedTypes().SelectMany(LinesOf).Order(StringComparer.Ordinal);
        return string.Concat(lines.Select(static line => line + "\n"));
    }

    private static IEnumerable<string> LinesOf(Type type)
    {
        string name = NameOf(type);
        yield return $"{name}{BasesOf(type)} [{KindOf(type)}]";
        foreach (FieldInfo field in type.GetFields(Declared).Where(static field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly))
        {
            if (!field.IsSpecialName)
                yield return $"{name}.{field.Name}{(field.IsLiteral ? " = " + Literal(field.GetRawConstantValue()) : "")} : {NameOf(field.FieldType)}";
        }

        foreach (PropertyInfo property in type.GetProperties(Declared))
        {
            string accessors = string.Concat(Accessor(property.GetMethod, " get;"), Accessor(property.SetMethod, IsInit(property) ? " init;" : " set;"));
            if (accessors.Length > 0)
                yield return $"{name}.{property.Name} {{{accessors} }} : {NameOf(s_nullability.Create(property))}";
        }

        foreach (MethodBase method in type.GetConstructors(Declared).Concat<MethodBase>(type.GetMethods(Declared)).Where(IsVisible))
        {
            if (!method.IsSpecialName || method is ConstructorInfo || method.Name.StartsWith("op_", StringComparison.Ordinal))
                yield return $"{name}.{method.Name}{Arguments(method)}({string.Join(", ", method.GetParameters().Select(TextOf))}){ReturnOf(method)}";
        }
    }

    private static string KindOf(Type type)
    {
        if (type.IsEnum)
            return "enum";
        if (type.IsInterface)
            return "interface";
        if (type.IsValueType)
            return "struct";
        if (typeof(Delegate).IsAssignableFrom(type))
            return "delegate";
        return type switch { { IsAbstract: true, IsSealed: true } => "static class", { IsSealed: true } => "sealed class", { IsAbstract: true } => "abstract class", _ => "class" };
    }

    private static string BasesOf(Type type)
    {
        IEnumerable<Type> bases = type.IsEnum ? [] : type.GetInterfaces();
        if (type.BaseType is { } super && super != typeof(object) && super != typeof(ValueType) && super != typeof(Enum))
            bases = bases.Prepend(super);
        string text = string.Join(", ", bases.Select(NameOf).Order(StringComparer.Ordinal));
        return text.Length == 0 ? "" : " : " + text;
    }

    private static string TextOf(ParameterInfo parameter)
    {
        string modifier = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "";
        string standard = parameter.HasDefaultValue ? " = " + Literal(parameter.RawDefaultValue) : "";
        return $"{modifier}{NameOf(s_nullability.Create(parameter))} {parameter.Name}{standard}";
    }

    private static string ReturnOf(MethodBase method) => method is MethodInfo { ReturnParameter: var value } ? " : " + NameOf(s_nullability.Create(value)) : "";

    private static string Arguments(MethodBase method)
        => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(static argument => argument.Name))}>" : "";

    private static string Literal(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string NameOf(NullabilityInfo info)
    {
        string mark = info.ReadState == NullabilityState.Nullable && !info.Type.IsValueType ? "?" : "";
        if (info.GenericTypeArguments.Length == 0 || Nullable.GetUnderlyingType(info.Type) is not null)
            return NameOf(info.Type) + mark;
        return $"{PlainNameOf(info.Type)}<{string.Join(", ", info.GenericTypeArguments.Select(NameOf))}>{mark}";
    }

    private static string NameOf(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return NameOf(underlying) + "?";
        if (type.HasElementType)
            return NameOf(type.GetElementType()!) + (type.IsArray ? "[]" : "&");
        return type.IsGenericType ? $"{PlainNameOf(type)}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>" : PlainNameOf(type);
    }

    private static string PlainNameOf(Type type)
    {
        var name = new StringBuilder(type.Name.Split('`')[0]);
        for (Type? outer = type.IsGenericParameter ? null : type.DeclaringType; outer is not null; outer = outer.DeclaringType)
            name.Insert(0, outer.Name.Split('`')[0] + ".");
        bool isOurs = !type.IsGenericParameter && type.Namespace?.StartsWith("Reliable", StringComparison.Ordinal) is true;
        return isOurs ? $"{type.Namespace}.{name}" : name.ToString();
    }

    private static string Accessor(MethodInfo? method, string text) => method is not null && IsVisible(method) ? text : "";

    private static bool IsInit(PropertyInfo property)
        => property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Any(static type => type.Name == "IsExternalInit") is true;

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;
}
