package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.Node;
import org.ringcert.daemon.check.CheckFinding.Level;
import org.ringcert.view.ca.ViewpointReply;

class ViewpointsCheckTest extends CheckFixture {

    @Test
    void aPeerThatLooksIsAViewpoint() throws Exception {
        CheckFinding finding = only(look(new ViewpointReply.CannotLook("unused"), 0), WEB2);

        assertThat(finding.level()).isEqualTo(Level.OK);
        assertThat(finding.text()).isEqualTo("can look");
    }

    @Test
    void aPeerThatCannotLookIsAWarningWithTheReason() throws Exception {
        CheckFinding finding = only(look(new ViewpointReply.CannotLook("status 302"), 3), WEB2);

        assertThat(finding.level()).isEqualTo(Level.WARNING);
        assertThat(finding.text()).isEqualTo("cannot look: status 302");
    }

    @Test
    void aReasonHasARemedyOfItsOwn() throws Exception {
        CheckFinding finding =
                only(look(new ViewpointReply.CannotLook("it is busy", "Try again in a minute."), 3), WEB2);

        assertThat(finding.remedy()).contains("Try again in a minute.");
    }

    @Test
    void aPeerThatDoesNotReplyIsAWarning() throws Exception {
        CheckFinding finding = only(look(new ViewpointReply.NoReply("no answer within 4 s"), 1), WEB2);

        assertThat(finding.level()).isEqualTo(Level.WARNING);
        assertThat(finding.text()).isEqualTo("did not say what it sees at 1 of 3 names: no answer within 4 s");
    }

    /** @param failures how many of the first looks of web2 end in this reply */
    private List<CheckFinding> look(ViewpointReply reply, int failures) throws Exception {
        CheckScope scope = scope("");
        Map<Node, PeerState> up = new LinkedHashMap<>();
        scope.cluster().peers().forEach(peer -> up.put(peer, new PeerState.Up(Optional.empty())));
        int[] asked = new int[1];
        try (Survey survey = survey(
                        scope,
                        (viewpoint, name) ->
                                viewpoint.equals(WEB2) && asked[0]++ < failures ? reply : allWell(viewpoint, name));
                PendingResult<Map<Node, PeerState>> peers = PendingResult.start(() -> up)) {
            return new ViewpointsCheck(scope, survey, peers).look();
        }
    }
}
