return await Reliable.CommitLoad.CommitLoadCommand.Create().Parse(args).InvokeAsync();
