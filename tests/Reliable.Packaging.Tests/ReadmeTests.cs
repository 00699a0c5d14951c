using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Reliable.Packaging.Infrastructure;

namespace Reliable.Packaging;

/// <summary>The README's quick start, pasted as a reader would paste it.</summary>
public sealed partial class ReadmeTests(Packages packages)
{
    private static readonly string s_readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public async Task QuickStart_WhenPasted_AnswersOverHttpAndChargesGoodAnswersOnly()
    {
        Consumer consumer = packages.CreateConsumer("readme");
        consumer.Write("Quota/Quota.csproj", """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Reliable.Runtime" Version="$(ReliableVersion)" />
                <PackageReference Include="Reliable.Sqlite" Version="$(ReliableVersion)" />
                <PackageReference Include="Reliable.Generator" Version="$(ReliableVersion)" PrivateAssets="all" />
              </ItemGroup>
            </Project>
            """);
        foreach (string file in new[] { "SupportAssistant.cs", "MoodyModel.cs", "Program.cs", "appsettings.json" })
            consumer.Write("Quota/" + file, Block(file));
        await consumer.BuildAsync("Quota");

        await using Consumer.WebServer server = await consumer.StartWebAsync("Quota");

        // The stand-in leaves every second question unanswered: each of these is answered in the end, and charged once.
        for (int i = 1; i <= 3; i++)
        {
            JsonElement answer = await server.Http.GetFromJsonAsync<JsonElement>("/ask?userId=ann&question=help", TestContext.Current.CancellationToken);
            Assert.NotEmpty(answer.GetProperty("answer").GetString()!);
            Assert.Equal(i, answer.GetProperty("used").GetInt32());
            Assert.Equal(3, answer.GetProperty("limit").GetInt32());
        }

        using HttpResponseMessage denied = await server.Http.GetAsync("/ask?userId=ann&question=help", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.TooManyRequests, denied.StatusCode);
        Assert.Contains("[Retry] Attempt 2/4 for", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void Readme_WhenRead_StaysShort() => Assert.InRange(s_readme.Split('\n').Length, 1, 151);

    [Fact]
    public void Links_WhenLocal_LeadToFiles()
    {
        string[] documents = [Path.Combine(Repository.Root, "README.md"), Path.Combine(Repository.Root, "CONTRIBUTING.md"),
            .. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)];
        string[] dead = [.. documents.SelectMany(static document => Link().Matches(File.ReadAllText(document))
            .Select(static match => match.Groups[1].Value)
            .Where(static target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal))
            .Where(target => !Path.Exists(Path.Combine(Path.GetDirectoryName(document)!, target)))
            .Select(target => $"{Path.GetRelativePath(Repository.Root, document)}: {target}"))];
        Assert.Empty(dead);
    }

    // The fenced block below the line that names the file.
    private static string Block(string file)
    {
        Match match = Regex.Match(s_readme, $@"`{Regex.Escape(file)}`[^\n]*\n+```\w+\n(.*?)\n```", RegexOptions.Singleline);
        Assert.True(match.Success, $"README.md has no fenced block below a line that names `{file}`.");
        return match.Groups[1].Value + "\n";
    }

    [GeneratedRegex(@"\]\(([^)#\s]*)(?:#[^)]*)?\)")]
    private static partial Regex Link();
}
