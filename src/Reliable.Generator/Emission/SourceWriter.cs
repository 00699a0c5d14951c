using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Reliable.Generator.Emission;

/// <summary>Writes indented lines. A text of several lines is indented line by line, so that an emitter looks like what it emits.</summary>
internal sealed class SourceWriter
{
    private const string Indent = "    ";

    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(string text = "")
    {
        foreach (string line in text.Split('\n'))
        {
            string content = line.TrimEnd('\r');
            if (content.Length > 0)
            {
                for (int depth = 0; depth < _depth; depth++)
                {
                    _text.Append(Indent);
                }
            }

            _text.Append(content).Append('\n');
        }
    }

    public void Open(string header)
    {
        Line(header);
        Line("{");
        _depth++;
    }

    public void Close()
    {
        _depth--;
        Line("}");
    }

    public SourceText ToSourceText() => SourceText.From(_text.ToString(), Encoding.UTF8);
}
