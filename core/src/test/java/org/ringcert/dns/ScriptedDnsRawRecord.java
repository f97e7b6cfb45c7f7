package org.ringcert.dns;

import java.util.HexFormat;
import org.xbill.DNS.Compression;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSInput;
import org.xbill.DNS.DNSOutput;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Tokenizer;

/** A record whose data need not be valid for its type. */
final class ScriptedDnsRawRecord extends Record {
    private static final long serialVersionUID = 1;

    private final byte[] data;

    ScriptedDnsRawRecord(Name owner, int type, byte[] data) {
        super(owner, type, DClass.IN, 60);
        this.data = data;
    }

    @Override
    protected void rrFromWire(DNSInput in) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected String rrToString() {
        return HexFormat.of().formatHex(data);
    }

    @Override
    protected void rdataFromString(Tokenizer tokens, Name origin) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected void rrToWire(DNSOutput out, Compression compression, boolean canonical) {
        out.writeByteArray(data);
    }
}
