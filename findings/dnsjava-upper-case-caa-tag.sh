#!/bin/sh
# dnsjava: one CAA record whose tag is not all in lower case makes the whole response unreadable.
#
# RFC 8659 4.1 has tags of letters and digits, matched without regard to case, so `CAA 0 Issue "ca.example.org"` is a record like any
# other, and dnspython reads it. One would guess that dnsjava reads it too, or at worst returns that record as unknown. It throws
# WireParseException while it parses the message, so all other records of the response are lost as well: a lookup of a zone that a CA
# can read fails. A record with a tag that has a hyphen does the same.
. "$(dirname -- "$0")/lib.sh"
need java mvn
python dnspython==2.8.0
for artifact in dnsjava:dnsjava:3.7.1 org.slf4j:slf4j-api:2.0.17; do
    mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy "-Dartifact=$artifact" "-DoutputDirectory=$work/jars" >"$work/said" 2>&1 ||
        untried "Maven cannot get $artifact: $(grep -m 1 ERROR "$work/said")"
done
cd -- "$work" || exit
echo "dnsjava 3.7.1, dnspython $("$python" -c 'import dns.version; print(dns.version.version)'), $(java -version 2>&1 | sed -n 2p)"

# response TAG: a response with two CAA records, `issue` and one with that tag, in hexadecimal.
response() {
    "$python" -c '
import struct, sys
name = b"\x07example\x03net\x00"
message = struct.pack("!6H", 7, 0x8180, 1, 2, 0, 0) + name + struct.pack("!2H", 257, 1)
for tag, ca in ((b"issue", b"ca.example.org"), (sys.argv[1].encode(), b"ca.example.net")):
    data = bytes([0, len(tag)]) + tag + ca
    message += name + struct.pack("!2HIH", 257, 1, 60, len(data)) + data
print(message.hex())' "$1"
}

cat >Read.java <<'END'
import java.util.HexFormat;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;
class Read {
    public static void main(String[] arguments) throws Exception {
        try {
            System.out.println(new Message(HexFormat.of().parseHex(arguments[0])).getSection(Section.ANSWER).size() + " records");
        } catch (java.io.IOException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }
}
END
for tag in issue Issue; do
    message=$(response "$tag")
    dnspython=$("$python" -c '
import dns.message, sys
print(sum(len(each) for each in dns.message.from_wire(bytes.fromhex(sys.argv[1])).answer), "records")' "$message" 2>&1 | tail -n 1)
    dnsjava=$(java -cp "jars/*" Read.java "$message" 2>said) || untried "java cannot run: $(tail -n 1 said)"
    echo "issue and $tag: dnspython reads $dnspython; dnsjava: $dnsjava"
    case $tag,$dnspython,$dnsjava in
        "issue,2 records,2 records" | "Issue,2 records,WireParseException"*) ;;
        *) changed "with the tag $tag dnspython says $dnspython, dnsjava $dnsjava" ;;
    esac
done
