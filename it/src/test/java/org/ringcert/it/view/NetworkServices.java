package org.ringcert.it.view;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ringcert.dns.ScriptedDns;
import org.ringcert.dns.ScriptedDns.Behavior;
import org.ringcert.dns.ScriptedDns.Transports;

/**
 * The program that runs on the router of a {@link TestNetwork}: its DNS servers, and relays that stand for routers with
 * address translation. It obeys commands that arrive at a Unix domain socket, one line on each connection.
 */
final class NetworkServices {

    private static final int DNS_PORT = 53;
    private static final int BACKLOG = 50;

    private final Map<String, ScriptedDns> servers = new ConcurrentHashMap<>();

    private NetworkServices() {}

    /** The argument is the path of the socket. Prints a line when it can be used, and runs until it is killed. */
    static void main(String[] arguments) throws IOException {
        try (ServerSocketChannel control = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            control.bind(UnixDomainSocketAddress.of(Path.of(arguments[0])));
            System.out.println("the services are ready");
            NetworkServices services = new NetworkServices();
            while (true) {
                try (SocketChannel connection = control.accept()) {
                    services.serve(connection);
                }
            }
        }
    }

    private void serve(SocketChannel connection) throws IOException {
        BufferedReader in = new BufferedReader(Channels.newReader(connection, StandardCharsets.UTF_8));
        PrintWriter out = new PrintWriter(Channels.newWriter(connection, StandardCharsets.UTF_8));
        try {
            List<String> reply = obey(in.readLine().split(" ", 5));
            out.println("done");
            reply.forEach(out::println);
        } catch (IOException | RuntimeException e) {
            out.println(e);
        }
        out.flush();
    }

    /** Obeys {@code ACTION ADDRESS ARGUMENTS...}. Returns the lines of the reply. */
    private List<String> obey(String[] words) throws IOException {
        String address = words[1];
        switch (words[0]) {
            case "dns" ->
                servers.put(
                        address,
                        ScriptedDns.start(
                                new InetSocketAddress(InetAddress.ofLiteral(address), DNS_PORT),
                                Transports.valueOf(words[2])));
            case "add" -> dns(address).add(words[2], words[3], words[4]);
            case "clear" -> dns(address).clear(words[2]);
            case "behave" -> dns(address).behave(words[2], Behavior.valueOf(words[3]));
            case "behave-always" -> dns(address).behave(Behavior.valueOf(words[2]));
            case "fail" -> dns(address).fail(words[2], words[3], words[4]);
            case "queries" -> {
                return dns(address).queries();
            }
            case "relay" -> relay(address, Integer.parseInt(words[2]), words[3]);
            default -> throw new IllegalArgumentException(words[0]);
        }
        return List.of();
    }

    private ScriptedDns dns(String address) {
        ScriptedDns server = servers.get(address);
        if (server == null) {
            throw new IllegalArgumentException("no DNS server at " + address);
        }
        return server;
    }

    private static void relay(String address, int port, String target) throws IOException {
        ServerSocket server = new ServerSocket(port, BACKLOG, InetAddress.ofLiteral(address));
        InetSocketAddress to = new InetSocketAddress(InetAddress.ofLiteral(target), port);
        Thread.ofVirtual().start(() -> {
            while (true) {
                try {
                    Socket client = server.accept();
                    Thread.ofVirtual().start(() -> relay(client, to));
                } catch (IOException e) {
                    System.out.println("the relay at " + address + " ends: " + e);
                    return;
                }
            }
        });
    }

    private static void relay(Socket client, InetSocketAddress target) {
        try (client;
                Socket server = new Socket()) {
            server.connect(target);
            Thread requests = Thread.ofVirtual().start(() -> copy(client, server));
            copy(server, client);
            requests.join();
        } catch (IOException | InterruptedException e) {
            System.out.println("a relayed connection ends: " + e);
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException _) {
            // One side has closed the connection.
        }
    }
}
