using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Reliable.Generator.Incremental;
using Reliable.Generator.Tests.Infrastructure;

namespace Reliable.Generator.Tests.Incremental;

/// <summary>After which edits nothing is read again from the methods of other files.</summary>
public sealed class DeclarationsTests
{
    private const string Source = """
        public partial class C
        {
            private int _field = 1;
            public const int Max = 3;
            [Retry(MaxRetries = 1)] public partial Task<string> AskAsync(string q, CancellationToken ct);
            private Task<string> AskCoreAsync(string q) { int a = 1; return Task.FromResult(q + a); }
            public int Short() => 1;
        public void Default(int last = 1) { }
        }
        public interface IThing { [Retry(MaxRetries = 1)] Task<int> TellAsync(CancellationToken ct); }
        """;

    private static readonly ConsumerOptions s_options = new();

    [Theory]
    [InlineData("int a = 1;", "int a = 2; // more\nint b = a;")]
    [InlineData("=> 1", "=> 2 + 3")]
    [InlineData("_field = 1", "_field = 2")]
    [InlineData("public partial class C", "\n\n// moved\npublic partial class C")]
    [InlineData("class C\n{\n    private int _field = 1;\n    public const int Max = 3;\n    [Retry(MaxRetries = 1)]", "class C\n{\n    private int _field = 1;\n    public const int Max = 3;\n    [Retry(MaxRetries = 2, Jitter = true)]")]
    public void Of_WhenNothingIsDeclaredAnew_IsTheSame(string before, string after) => Assert.Same(Declared(Source, out CSharpCompilation first), Edited(first, before, after));

    [Theory]
    [InlineData("Max = 3", "Max = 4")]
    [InlineData("AskCoreAsync(string q)", "AskCoreAsync(string q, AttemptContext a)")]
    [InlineData("public int Short() => 1;", "")]
    [InlineData("public int Short() => 1;", "public int Short() { return 1; }")]
    [InlineData("partial Task<string> AskAsync(string q, CancellationToken ct);", "partial Task<string> AskAsync(string q, CancellationToken ct) => throw new Exception();")]
    [InlineData("int last = 1", "int last = 2")]
    [InlineData("[Retry(MaxRetries = 1)] public", "[ValidateResponse] public")]
    [InlineData("interface IThing { [Retry(MaxRetries = 1)]", "interface IThing { [Retry(MaxRetries = 2)]")]
    [InlineData("public partial class C", "#nullable disable\npublic partial class C")]
    [InlineData("public partial class C", "using X = System.String; public partial class C")]
    public void Of_WhenADeclarationChanges_IsAnother(string before, string after) => Assert.NotSame(Declared(Source, out CSharpCompilation first), Edited(first, before, after));

    [Fact]
    public void Of_WhenOptionsOrReferencesChange_IsAnother()
    {
        Declarations first = Declared(Source, out CSharpCompilation compilation);

        Assert.NotSame(first, Declarations.Of(compilation.WithOptions(compilation.Options.WithNullableContextOptions(NullableContextOptions.Disable))));
        Assert.NotSame(first, Declarations.Of(compilation.RemoveReferences(compilation.References.First())));
        Assert.NotSame(first, Declarations.Of(compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class D;", s_options.ParseOptions, cancellationToken: TestContext.Current.CancellationToken))));
    }

    [Fact]
    public void Of_WhenTypingGoesOn_StaysTheSame()
    {
        Declarations first = Declared(Source, out CSharpCompilation compilation);
        for (int edit = 2; edit < 10; edit++)
        {
            compilation = Edit(compilation, $"int a = {edit - 1};", $"int a = {edit};");
            Assert.Same(first, Declarations.Of(compilation));
        }
    }

    private static Declarations Declared(string source, out CSharpCompilation compilation)
    {
        compilation = s_options.Compile(GeneratorHarness.Usings, source);
        return Declarations.Of(compilation);
    }

    private static Declarations Edited(CSharpCompilation compilation, string before, string after) => Declarations.Of(Edit(compilation, before, after));

    private static CSharpCompilation Edit(CSharpCompilation compilation, string before, string after)
    {
        SyntaxTree tree = compilation.SyntaxTrees[1];
        string text = tree.ToString();
        string changed = text.Replace(before, after, StringComparison.Ordinal);
        Assert.NotEqual(text, changed);
        return compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(Microsoft.CodeAnalysis.Text.SourceText.From(changed)));
    }
}
