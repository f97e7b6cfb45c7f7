package org.ringcert.it.cas;

import java.io.IOException;
import java.util.function.Consumer;

/** A CA that is a Python program. */
abstract class PythonCa implements CaProgram {

    private final PythonProgram program;

    PythonCa(PythonProgram program) {
        this.program = program;
    }

    @Override
    public final String name() {
        return program.name();
    }

    @Override
    public final String version() {
        return program.version();
    }

    @Override
    public void install(Consumer<String> progress) throws IOException {
        program.install(progress);
    }
}
