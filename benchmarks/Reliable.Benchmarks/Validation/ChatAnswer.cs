namespace Reliable.Benchmarks.Validation;

/// <summary>What an answer of a chat client looks like.</summary>
public enum ChatAnswer
{
    /// <summary>One message with one text of 1,000 characters.</summary>
    OneText,

    /// <summary>Four tools called, their outputs, and a text after them.</summary>
    ToolCalls,

    /// <summary>One text in 1,000 parts of four characters, as a collected stream leaves it.</summary>
    ManyParts,

    /// <summary>1,000 parts without a visible character in them: nothing but the last proves that the answer is bad.</summary>
    ManyEmptyParts,
}
