using ChatQuota;

return await ChatQuotaCommand.Parse(args).InvokeAsync(ChatQuotaCommand.Invocation);
