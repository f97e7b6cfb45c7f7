package org.ringcert.daemon.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class PlanPictureTest {

    private static final String WWW = "www.example.org";

    @Test
    void hasARowForEachServerAndAColumnForEachWeek() throws Exception {
        String picture =
                new PlanFixture(8).site(WWW).present(WWW, 20, 1, 2).report().picture();

        parse(picture);
        assertThat(picture).contains(">web1.example.org<", ">web8.example.org<");
        // Weeks begin on Monday.
        assertThat(picture).contains(">2026-11-23<", ">2027-02-15<").doesNotContain(">2027-02-22<");
    }

    @Test
    void marksOrdersByTheirKind() {
        String picture =
                new PlanFixture(8).site(WWW).present(WWW, 20, 1, 2).report().picture();

        assertThat(picture)
                .contains("<title>2026-11-28: 1 certificate, ordered as soon as possible</title>")
                .contains("<title>2026-11-29: 1 certificate, waits for a limit or another server</title>")
                .contains("<title>2027-01-07: 1 certificate, renewal of a certificate that is there</title>")
                .contains("renewal of one that is still to be ordered</title>");
    }

    @Test
    void countsWhatComesAfterTheLastWeek() {
        String picture = new PlanFixture(150).site(WWW).report().picture();

        assertThat(picture).contains(">later<");
    }

    private static Document parse(String picture) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(picture)));
    }
}
