package org.ringcert.daemon.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/**
 * A TOML file whose syntax is right: TOML 1.0 or 1.1.
 *
 * @param root its tables and keys
 * @param findings collects what is found in it
 */
record TomlFile(TomlParseResult root, Findings findings) {

    /**
     * Parses a text as the content of that file, which need not exist.
     *
     * @throws ConfigurationException with every syntax error
     */
    static TomlFile parse(Path file, String text) throws ConfigurationException {
        StrippedText stripped = StrippedText.of(text);
        TomlParseResult toml = Toml.parse(stripped.text());
        Findings findings = new Findings(stripped);
        if (toml.hasErrors()) {
            new SyntaxErrors(stripped, findings).report(toml.errors());
            throw findings.exception(file);
        }
        return new TomlFile(toml, findings);
    }

    /**
     * Decodes UTF-8, without a byte order mark.
     *
     * @throws ConfigurationException with the first place that is something else
     */
    static String decode(Path file, byte[] bytes) throws ConfigurationException {
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes), text, true);
        String decoded = text.flip().toString();
        if (result.isError()) {
            int lineStart = decoded.lastIndexOf('\n') + 1;
            int line = 1 + (int) decoded.chars().filter(c -> c == '\n').count();
            int column = 1 + decoded.codePointCount(lineStart, decoded.length());
            Finding mistake = new Finding(line, column, "this is not UTF-8; save the file in that encoding");
            throw new ConfigurationException(file, List.of(mistake));
        }
        return decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded;
    }
}
