package org.ringcert.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A recursive DNS server of the test's own, over UDP and TCP at one port. It knows the records that it was given and
 * behaves as badly as it is told. For split views, give each client a server of its own. Thread-safe.
 */
public final class ScriptedDns implements AutoCloseable {

    /** How the server treats a name, or the whole of its clients. */
    public enum Behavior {
        NORMAL,
        /** It receives the query and does not respond. */
        SILENT,
        /** It responds with bytes that are not a DNS message. */
        GARBAGE,
        /** It responds with the identifier of another query. */
        WRONG_ID,
        /** Over UDP the response is cut off; over TCP it is whole. */
        TRUNCATED,
        /** The response to a query with EDNS is FORMERR, as of a very old server. */
        NO_EDNS,
        /** A response has only the first link of a chain of CNAMEs. */
        OPEN_CHAINS,
        /** It refers to the name servers of the domain, as a server without recursion does. */
        REFERRAL
    }

    /** The transports that work. */
    public enum Transports {
        BOTH,
        /** Queries over TCP are refused, because nothing listens there. */
        UDP_ONLY,
        /** Queries over UDP are dropped, as by a firewall. */
        TCP_ONLY,
        /** Queries over UDP are refused, because nothing listens there. */
        TCP_LISTENS_ONLY
    }

    private record Question(String transport, Message query) {}

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final InetSocketAddress address;
    private final Map<Name, List<Record>> records = new ConcurrentHashMap<>();
    private final Map<Name, Behavior> behaviors = new ConcurrentHashMap<>();
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private final List<String> queries = new CopyOnWriteArrayList<>();
    private volatile Behavior behavior = Behavior.NORMAL;
    private final Transports transports;
    private volatile int extendedError = -1;

    private ScriptedDns(DatagramSocket udp, ServerSocket tcp, Transports transports) {
        this.udp = udp;
        this.tcp = tcp;
        this.address = (InetSocketAddress) udp.getLocalSocketAddress();
        this.transports = transports;
    }

    /** Starts a server at a free port of 127.0.0.1. */
    public static ScriptedDns start() throws IOException {
        return start(Transports.BOTH);
    }

    /** Starts a server at a free port of 127.0.0.1. */
    public static ScriptedDns start(Transports transports) throws IOException {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        for (int attempt = 1; ; attempt++) {
            ServerSocket tcp = new ServerSocket(0, 50, loopback);
            try {
                return start(new DatagramSocket(tcp.getLocalPort(), loopback), tcp, transports);
            } catch (IOException e) {
                tcp.close();
                if (attempt == 20) {
                    throw e;
                }
            }
        }
    }

    /** Starts a server at this address and port, such as port 53 in a network namespace. */
    public static ScriptedDns start(InetSocketAddress address) throws IOException {
        return start(address, Transports.BOTH);
    }

    /** Starts a server at this address and port. */
    public static ScriptedDns start(InetSocketAddress address, Transports transports) throws IOException {
        ServerSocket tcp = new ServerSocket(address.getPort(), 50, address.getAddress());
        return start(new DatagramSocket(tcp.getLocalPort(), address.getAddress()), tcp, transports);
    }

    private static ScriptedDns start(DatagramSocket udp, ServerSocket tcp, Transports transports) throws IOException {
        ScriptedDns dns = new ScriptedDns(udp, tcp, transports);
        if (transports == Transports.UDP_ONLY) {
            tcp.close();
        } else if (transports == Transports.TCP_LISTENS_ONLY) {
            udp.close();
        }
        Thread.ofVirtual().start(dns::serveUdp);
        Thread.ofVirtual().start(dns::serveTcp);
        return dns;
    }

    public InetSocketAddress address() {
        return address;
    }

    /**
     * Adds a record, for example {@code ("www.example.com", "A", "192.0.2.1")}. The value is as in a zone file. The
     * form {@code \# 2 0102} of RFC 3597 may be malformed data.
     */
    public ScriptedDns add(String name, String type, String value) {
        try {
            Name owner = absolute(name);
            Record added = value.startsWith("\\# ")
                    ? new ScriptedDnsRawRecord(
                            owner, Type.value(type), HexFormat.of().parseHex(value.split(" ", 3)[2]))
                    : Record.fromString(owner, Type.value(type), DClass.IN, 60, value, Name.root);
            records.computeIfAbsent(owner, _ -> new CopyOnWriteArrayList<>()).add(added);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes all records of a name and what was said about its behavior. */
    public ScriptedDns clear(String name) {
        Name owner = absolute(name);
        records.remove(owner);
        behaviors.remove(owner);
        failures.keySet().removeIf(key -> key.startsWith(owner + " "));
        return this;
    }

    public ScriptedDns behave(String name, Behavior behavior) {
        behaviors.put(absolute(name), behavior);
        return this;
    }

    /** Applies to all names that have no behavior of their own. */
    public ScriptedDns behave(Behavior behavior) {
        this.behavior = behavior;
        return this;
    }

    /** Makes queries of all types fail, for example with {@code "SERVFAIL"}. */
    public ScriptedDns fail(String name, String rcode) {
        return fail(name, "ANY", rcode);
    }

    public ScriptedDns fail(String name, String type, String rcode) {
        failures.put(absolute(name) + " " + type, Rcode.value(rcode));
        return this;
    }

    /** Adds an extended error (RFC 8914) to failures. */
    public ScriptedDns extendedError(int code) {
        extendedError = code;
        return this;
    }

    /** Returns the queries so far, such as {@code "udp A www.example.com"}, in the order of their arrival. */
    public List<String> queries() {
        return List.copyOf(queries);
    }

    private void serveUdp() {
        byte[] buffer = new byte[4096];
        while (true) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] query = Arrays.copyOf(buffer, packet.getLength());
                Optional<byte[]> response = respond("udp", query);
                if (response.isPresent()) {
                    udp.send(new DatagramPacket(
                            response.get(), response.get().length, packet.getAddress(), packet.getPort()));
                }
            } catch (IOException _) {
                if (udp.isClosed()) {
                    return;
                }
            }
        }
    }

    private void serveTcp() {
        while (true) {
            try {
                Socket connection = tcp.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            DataInputStream in = new DataInputStream(connection.getInputStream());
            DataOutputStream out = new DataOutputStream(connection.getOutputStream());
            while (true) {
                byte[] query = in.readNBytes(in.readUnsignedShort());
                Optional<byte[]> response = respond("tcp", query);
                if (response.isPresent()) {
                    byte[] framed = new byte[response.get().length + 2];
                    framed[0] = (byte) (response.get().length >> 8);
                    framed[1] = (byte) response.get().length;
                    System.arraycopy(response.get(), 0, framed, 2, response.get().length);
                    out.write(framed);
                }
            }
        } catch (IOException _) {
            // The client has closed the connection.
        }
    }

    /** Returns the response, or empty if the server stays silent. */
    private Optional<byte[]> respond(String transport, byte[] bytes) throws IOException {
        Question question = new Question(transport, new Message(bytes));
        Record asked = question.query().getQuestion();
        queries.add(transport + " " + Type.string(asked.getType()) + " "
                + asked.getName().toString(true).toLowerCase(Locale.ROOT));
        Behavior current = behaviors.getOrDefault(asked.getName(), behavior);
        boolean udpQuery = transport.equals("udp");
        if (udpQuery && transports == Transports.TCP_ONLY) {
            return Optional.empty();
        }
        return switch (current) {
            case SILENT -> Optional.empty();
            case GARBAGE -> Optional.of(garbage(bytes));
            case WRONG_ID -> {
                byte[] response = message(question, current).toWire(65535);
                response[0] ^= 0x55;
                yield Optional.of(response);
            }
            case NORMAL, TRUNCATED, NO_EDNS, OPEN_CHAINS, REFERRAL -> {
                Message response = message(question, current);
                if (udpQuery && current == Behavior.TRUNCATED) {
                    response.removeAllRecords(Section.ANSWER);
                    response.getHeader().setFlag(Flags.TC);
                }
                OPTRecord edns = question.query().getOPT();
                yield Optional.of(
                        response.toWire(!udpQuery ? 65535 : edns == null ? 512 : Math.max(512, edns.getPayloadSize())));
            }
        };
    }

    /** Returns bytes that begin like a response to the query. */
    private static byte[] garbage(byte[] query) {
        byte[] bytes = new byte[40];
        Arrays.fill(bytes, (byte) 0xff);
        System.arraycopy(query, 0, bytes, 0, 2);
        return bytes;
    }

    private Message message(Question question, Behavior current) {
        Record asked = question.query().getQuestion();
        Message response = new Message(question.query().getHeader().getID());
        response.getHeader().setFlag(Flags.QR);
        response.getHeader().setFlag(Flags.RD);
        response.addRecord(asked, Section.QUESTION);
        if (current == Behavior.NO_EDNS && question.query().getOPT() != null) {
            response.getHeader().setRcode(Rcode.FORMERR);
            return response;
        }
        if (current == Behavior.REFERRAL) {
            response.addRecord(
                    new NSRecord(absolute("com"), DClass.IN, 60, absolute("a.gtld-servers.net")), Section.AUTHORITY);
            return response;
        }
        response.getHeader().setFlag(Flags.RA);
        Name name = asked.getName();
        List<Record> answers = new ArrayList<>();
        for (int links = 0; links < 20; links++) {
            Integer failure = failure(name, asked.getType());
            if (failure != null) {
                return failed(response, failure, question.query().getOPT() != null);
            }
            List<Record> here = records.getOrDefault(name, List.of());
            Optional<Record> alias =
                    here.stream().filter(each -> each instanceof CNAMERecord).findFirst();
            if (alias.isEmpty() || asked.getType() == Type.CNAME) {
                here.stream().filter(each -> each.getType() == asked.getType()).forEach(answers::add);
                break;
            }
            answers.add(alias.get());
            name = ((CNAMERecord) alias.get()).getTarget();
            if (current == Behavior.OPEN_CHAINS) {
                answers.forEach(each -> response.addRecord(each, Section.ANSWER));
                return response;
            }
        }
        answers.forEach(each -> response.addRecord(each, Section.ANSWER));
        if (answers.stream().noneMatch(each -> each.getType() == asked.getType())) {
            response.addRecord(soa(), Section.AUTHORITY);
            response.getHeader().setRcode(exists(name) ? Rcode.NOERROR : Rcode.NXDOMAIN);
        }
        return response;
    }

    private Message failed(Message response, int rcode, boolean edns) {
        response.getHeader().setRcode(rcode);
        if (edns && extendedError >= 0) {
            response.addRecord(
                    new OPTRecord(1232, 0, 0, 0, new ExtendedErrorCodeOption(extendedError, "made up")),
                    Section.ADDITIONAL);
        }
        return response;
    }

    private @Nullable Integer failure(Name name, int type) {
        Integer all = failures.get(name + " ANY");
        return all != null ? all : failures.get(name + " " + Type.string(type));
    }

    /** A name exists if it or a name below it has records (RFC 8020). */
    private boolean exists(Name name) {
        return records.keySet().stream().anyMatch(each -> each.subdomain(name));
    }

    private static SOARecord soa() {
        return new SOARecord(
                Name.root, DClass.IN, 60, absolute("ns.example"), absolute("admin.example"), 1, 60, 60, 60, 60);
    }

    private static Name absolute(String name) {
        try {
            return Name.fromString(name.toLowerCase(Locale.ROOT), Name.root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
