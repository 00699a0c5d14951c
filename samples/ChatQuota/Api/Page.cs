namespace ChatQuota.Api;

/// <summary>The pages at <c>/</c> and <c>/reliable</c>: plain files, nothing from elsewhere.</summary>
internal static class Page
{
    public static void UsePage(this IApplicationBuilder app)
    {
        app.UseDefaultFiles();
        app.Use(static (context, next) =>
        {
            if (context.Request.Path.Equals("/reliable", StringComparison.Ordinal))
            {
                context.Request.Path = "/reliable.html";
            }

            return next(context);
        });
        app.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = static file =>
            {
                file.Context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
                file.Context.Response.Headers.XContentTypeOptions = "nosniff";
                file.Context.Response.Headers.CacheControl = "no-cache";
            },
        });
    }
}
