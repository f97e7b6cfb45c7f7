package org.ringcert.daemon.config;

import org.tomlj.TomlPosition;

/** A value and where the file has it. */
record Located<T>(T value, TomlPosition at) {}
