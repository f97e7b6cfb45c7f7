package org.ringcert.dns;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Finds the records of one type at a name. Follows CNAMEs as the server gives them. If the server's response ends with
 * a CNAME, asks for its target.
 */
final class RecordLookup {

    /** No CA documents how many it follows. BIND follows 16. */
    private static final int MAX_CNAMES = 16;

    private final NameServers servers;
    private final int type;
    private final long deadline;

    /** @param deadline as in {@link System#nanoTime} */
    RecordLookup(NameServers servers, int type, long deadline) {
        this.servers = servers;
        this.type = type;
        this.deadline = deadline;
    }

    /**
     * What the DNS says.
     *
     * @param records in the order of the response, with CAA records as {@link CaaWire} hides them; none if the name
     *     does not exist or has none of this type
     * @param nameExists whether the name exists, or the one at the end of its CNAMEs
     */
    record Result(List<Record> records, boolean nameExists) {}

    /**
     * Looks up the records.
     *
     * @param domain without a dot at its end
     */
    Result find(String domain) throws LookupFailedException {
        Name name = absolute(domain);
        Set<Name> visited = new HashSet<>(Set.of(name));
        while (true) {
            Message response = servers.ask(Record.newRecord(name, type, DClass.IN), deadline);
            Name end = endOfChain(response, name, visited);
            List<Record> records = records(response, end);
            if (!records.isEmpty() || end.equals(name) || isFinal(response)) {
                return new Result(records, !records.isEmpty() || response.getRcode() != Rcode.NXDOMAIN);
            }
            name = end;
        }
    }

    private static Name absolute(String domain) throws LookupFailedException {
        try {
            return Name.fromString(domain, Name.root);
        } catch (IOException e) {
            throw new LookupFailedException("this is not a domain name");
        }
    }

    private Name endOfChain(Message response, Name start, Set<Name> visited) throws LookupFailedException {
        Name name = start;
        for (Optional<Name> target = target(response, name); target.isPresent(); target = target(response, name)) {
            name = target.get();
            if (!visited.add(name)) {
                throw new LookupFailedException("its CNAME records form a loop");
            }
            if (visited.size() > MAX_CNAMES + 1) {
                throw new LookupFailedException("it is a chain of more than " + MAX_CNAMES + " CNAME records");
            }
        }
        return name;
    }

    private static Optional<Name> target(Message response, Name name) {
        return response.getSection(Section.ANSWER).stream()
                .filter(each -> each instanceof CNAMERecord && each.getName().equals(name))
                .map(each -> ((CNAMERecord) each).getTarget())
                .findFirst();
    }

    private List<Record> records(Message response, Name name) {
        return response.getSection(Section.ANSWER).stream()
                .filter(each -> each.getType() == (type == Type.CAA ? CaaWire.HIDDEN_TYPE : type)
                        && each.getDClass() == DClass.IN
                        && each.getName().equals(name))
                .toList();
    }

    /** Whether the server has looked at the end of the chain: it says that there is nothing (RFC 2308). */
    private static boolean isFinal(Message response) {
        return response.getRcode() == Rcode.NXDOMAIN
                || response.getSection(Section.AUTHORITY).stream().anyMatch(SOARecord.class::isInstance);
    }
}
