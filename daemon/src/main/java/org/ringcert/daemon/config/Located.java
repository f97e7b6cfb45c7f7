package org.ringcert.daemon.config;

import org.tomlj.TomlPosition;

/** A value and its position in the file. */
record Located<T>(T value, TomlPosition at) {}
