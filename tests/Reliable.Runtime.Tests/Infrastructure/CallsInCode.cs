using System.Diagnostics;
using System.Reflection;
using System.Reflection.Emit;

namespace Reliable.Infrastructure;

/// <summary>Counts what a method calls, makes or boxes, in its compiled code: a measure of its work that knows no clock and no machine.</summary>
internal static class CallsInCode
{
    private static readonly Dictionary<short, OpCode> s_codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!)
        .ToDictionary(static code => code.Value);

    /// <summary>The calls of all the methods of a type that have a name.</summary>
    public static int Of(Type type, string name)
    {
        MethodInfo[] methods = [.. type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => method.Name == name)];
        Assert.True(methods.Length > 0, $"'{type.Name}' has no method '{name}' any more; change the list of what a good call runs through.");
        return methods.Sum(Of);
    }

    private static int Of(MethodBase method)
    {
        byte[] code = method.GetMethodBody()!.GetILAsByteArray()!;
        int calls = 0;
        for (int at = 0; at < code.Length;)
        {
            OpCode op = s_codes[code[at] == 0xFE ? (short)(0xFE00 | code[++at]) : code[at]];
            at++;
            if (op == OpCodes.Box || op == OpCodes.Newarr || (op.OperandType == OperandType.InlineMethod && op != OpCodes.Ldftn && !IsAssertion(method, BitConverter.ToInt32(code, at))))
                calls++;
            at += op.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }

        return calls;
    }

    // Only there in a debug build.
    private static bool IsAssertion(MethodBase method, int token)
        => method.Module.ResolveMethod(token, method.DeclaringType!.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : null)!
            .DeclaringType == typeof(Debug);
}
