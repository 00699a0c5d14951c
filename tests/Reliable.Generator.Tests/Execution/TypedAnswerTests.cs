namespace Reliable.Generator.Tests.Execution;

/// <summary>What the rules of an answer's members reject, and how the reason names the member.</summary>
public sealed class TypedAnswerTests
{
    private const string Plan = """
        using System.ComponentModel.DataAnnotations;
        public sealed class Plan
        {
            public required string Title { get; set; }
            public required string? Note { get; set; }
            public required object Source { get; init; }
            [Range(1, 5)] public int Stars { get; set; } = 3;
            [Range(0.5, 1)] public double Weight { get; set; } = 1;
            [Range(typeof(decimal), "0.1", "9.9", MinimumIsExclusive = true)] public decimal? Price { get; set; }
            [EmailAddress] public string? Mail { get; set; }
            [RegularExpression("[a-z]+"), MaxLength(5)] public string? Code { get; set; }
            [MinLength(1, ErrorMessage = "{0} needs {1}")] public List<string>? Tags { get; set; }
            [AllowedValues("a", null)] public string? Kind { get; set; }
            [Odd] public int Odd { get; set; } = 1;
            public List<Step> Steps { get; set; } = [];
            public Step[]? More { get; set; }
            public Dictionary<string, Step>? Named { get; set; }
            public Plan? Next { get; set; }
            public Size? Size { get; set; }
            internal string? Hidden { get; set; }
        }
        public sealed record Step(string Text, [Range(1, 60)] int Minutes, string Optional = "", string? Maybe = null);
        public readonly record struct Size([property: Range(1, 9)] int Width);
        public sealed class OddAttribute : ValidationAttribute
        {
            protected override System.ComponentModel.DataAnnotations.ValidationResult? IsValid(object? value, ValidationContext context)
                => value is int number && number % 2 == 1 ? System.ComponentModel.DataAnnotations.ValidationResult.Success : new($"{context.MemberName} of a {context.ObjectInstance.GetType().Name} is even");
        }
        public partial class Script(ReliableRuntime reliable)
        {
            [ValidateResponse] public partial Task<Plan> PlanAsync(Plan plan, CancellationToken ct);
            private Task<Plan> PlanCoreAsync(Plan plan) => Task.FromResult(plan);
            private static Plan Good(string title = "t") => new() { Title = title, Note = null, Source = 1 };
        """;

    [Theory]
    [InlineData("", "valid")]
    [InlineData("plan.Title = null!;", "Title: a text is required")]
    [InlineData("plan.Title = \" \";", "Title: a text is required")]
    [InlineData("plan = new Plan { Title = \"t\", Note = null, Source = null! };", "Source: a value is required")]
    [InlineData("plan.Stars = 6;", "Stars: The field Stars must be between 1 and 5.")]
    [InlineData("plan.Weight = 0.4;", "Weight: The field Weight must be between 0.5 and 1.")]
    [InlineData("plan.Price = 0.1m;", "Price: must be between 0.1 and 9.9")]
    [InlineData("plan.Price = 9.9m;", "valid")]
    [InlineData("plan.Mail = \"nobody\";", "Mail: The Mail field is not a valid e-mail address.")]
    [InlineData("plan.Code = \"abcdef\";", "Code: the length must be 0 to 5")]
    [InlineData("plan.Code = \"A\";", "Code: The field Code must match the regular expression '[a-z]+'.")]
    [InlineData("plan.Tags = [];", "Tags: Tags needs 1")]
    [InlineData("plan.Kind = \"b\";", "Kind: The Kind field does not equal any of the values specified in AllowedValuesAttribute.")]
    [InlineData("plan.Odd = 2;", "Odd: Odd of a Plan is even")]
    [InlineData("plan.Steps = [new(\"a\", 1), new(\"\", 61)];", "Steps[1].Text: a text is required; Steps[1].Minutes: The field Minutes must be between 1 and 60.")]
    [InlineData("plan.Steps = [null!];", "Steps[0]: a value is required")]
    [InlineData("plan.Steps = [new(\"a\", 1, null!)];", "valid")]
    [InlineData("plan.More = [new(\"a\", 0)];", "More[0].Minutes: The field Minutes must be between 1 and 60.")]
    [InlineData("plan.Named = new() { [\"x\"] = new(\"a\", 0) };", "Named[0].Value.Minutes: The field Minutes must be between 1 and 60.")]
    [InlineData("plan.Next = Good(\"\");", "Next.Title: a text is required")]
    [InlineData("plan.Next = plan;", "valid")]
    [InlineData("plan.Next = Good(); plan.Next.Next = plan; plan.Next.Stars = 0;", "Next.Stars: The field Stars must be between 1 and 5.")]
    [InlineData("plan.Size = new Size(0);", "Size.Width: The field Width must be between 1 and 9.")]
    [InlineData("plan.Steps = [.. Enumerable.Repeat(new Step(\"\", 1), 3)];", "Steps[0].Text: a text is required")]
    [InlineData("plan.More = [new(\"\", 0), new(\"\", 0), new(\"\", 0)];", "More[0].Text: a text is required; More[0].Minutes: The field Minutes must be between 1 and 60.; More[1].Text: a text is required; More[1].Minutes: The field Minutes must be between 1 and 60.; More[2].Text: a text is required")]
    public async Task Validate_WhenAPlanIsAnswered_NamesWhatIsWrong(string change, string expected)
        => Assert.Equal(expected, await Script.RunAsync("using System.Linq;\n" + Plan + $$"""
                public static async Task<string> RunAsync(ReliableRuntime runtime)
                {
                    Plan plan = Good();
                    {{change}}
                    try
                    {
                        await new Script(runtime).PlanAsync(plan, default);
                        return "valid";
                    }
                    catch (RetriesExhaustedException e)
                    {
                        return e.Attempts[0].Message;
                    }
                }
            }
            """));

    [Fact]
    public async Task Validate_WhenAnAnswerIsDeep_StopsAtTheLimit()
        => Assert.Equal("valid", await Script.RunAsync(Plan + """
                public static async Task<string> RunAsync(ReliableRuntime runtime)
                {
                    Plan plan = Good("");
                    for (int i = 0; i < 5000; i++)
                    {
                        Plan outer = Good();
                        outer.Next = plan;
                        plan = outer;
                    }

                    await new Script(runtime).PlanAsync(plan, default);
                    return "valid";
                }
            }
            """));

    [Theory]
    [InlineData("List<Step>", "[new(\"\", 1)]", "[0].Text: a text is required")]
    [InlineData("Step[]", "[new(\"a\", 1), null!]", "[1]: a value is required")]
    [InlineData("IReadOnlyList<Step?>", "[null]", "valid")]
    [InlineData("List<List<Step>>", "[[], [new(\"a\", 0)]]", "[1][0].Minutes: The field Minutes must be between 1 and 60.")]
    [InlineData("Size", "new Size(0)", "Width: The field Width must be between 1 and 9.")]
    [InlineData("Size?", "new Size(0)", "Width: The field Width must be between 1 and 9.")]
    [InlineData("Size?", "null", "a value is required")]
    [InlineData("Size?[]", "[null, new Size(0)]", "[1].Width: The field Width must be between 1 and 9.")]
    [InlineData("Step?", "null", "No assistant messages in response")]
    [InlineData("(Step Step, int Count)", "(new(\"\", 1), 2)", "Step.Text: a text is required")]
    [InlineData("System.Collections.Immutable.ImmutableArray<Step>", "[new(\"\", 1)]", "[0].Text: a text is required")]
    [InlineData("System.Collections.Immutable.ImmutableArray<Step>", "default", "valid")]
    [InlineData("Checked", "new Checked { Low = 3, High = 2 }", "High: must not be below Low")]
    [InlineData("Derived", "new Derived { Name = \"\", Own = 10 }", "Own: The field Own must be between 1 and 9.; Name: a text is required")]
    [InlineData("IShape", "new Shape()", "Name: The Name field is required.")]
    [InlineData("Box<Step>", "new Box<Step> { Value = new(\"\", 1) }", "Value.Text: a text is required")]
    public async Task Validate_WhenAnotherShapeIsAnswered_NamesWhatIsWrong(string type, string value, string expected)
        => Assert.Equal(expected, await Script.RunAsync($$"""
            using System.ComponentModel.DataAnnotations;
            public sealed record Step(string Text, [Range(1, 60)] int Minutes);
            public readonly record struct Size([property: Range(1, 9)] int Width);
            public class Base { public required string Name { get; set; } [Range(1, 9)] public virtual int Own { get; set; } }
            public class Derived : Base { public override int Own { get; set; } }
            public interface INamed { [Required] string? Name { get; } }
            public interface IShape : INamed;
            public class Shape : IShape { public string? Name => null; }
            public class Box<T> { public required T Value { get; set; } }
            public class Checked : IValidatableObject
            {
                public int Low { get; set; }
                public int High { get; set; }
                public IEnumerable<System.ComponentModel.DataAnnotations.ValidationResult> Validate(ValidationContext context)
                {
                    if (High < Low) yield return new("must not be below Low", ["High"]);
                }
            }
            public partial class Script(ReliableRuntime reliable)
            {
                [ValidateResponse] public partial Task<{{type}}> PlanAsync(CancellationToken ct);
                private Task<{{type}}> PlanCoreAsync() => Task.FromResult<{{type}}>({{value}});
                public static async Task<string> RunAsync(ReliableRuntime runtime)
                {
                    try
                    {
                        await new Script(runtime).PlanAsync(default);
                        return "valid";
                    }
                    catch (RetriesExhaustedException e)
                    {
                        return e.Attempts[0].Message;
                    }
                }
            }
            """));
}
