import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.classfile.instruction.LocalVariableType;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Removes the names of local variables from the classes of libraries, which only debuggers read. They would be a MB of
 * the startup cache. Stack traces keep files and lines. The arguments are jars, which are rewritten.
 */
void main(String[] jars) throws IOException {
    Map<String, byte[]> classes = new HashMap<>();
    for (String jar : jars) {
        entries(jar).forEach((entry, content) -> classes.put(entry.getName(), content));
    }
    for (String jar : jars) {
        rewrite(Path.of(jar), entries(jar), ClassFile.of(ClassHierarchyResolverOption.of(hierarchy(classes))));
    }
}

/** Returns a resolver that knows the classes of the libraries and of the JDK. */
ClassHierarchyResolver hierarchy(Map<String, byte[]> classes) {
    return ClassHierarchyResolver.ofResourceParsing(type -> {
                String descriptor = type.descriptorString();
                byte[] content = classes.get(descriptor.substring(1, descriptor.length() - 1) + ".class");
                return content == null ? null : new ByteArrayInputStream(content);
            })
            .orElse(ClassHierarchyResolver.defaultResolver());
}

Map<ZipEntry, byte[]> entries(String jar) throws IOException {
    Map<ZipEntry, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(Path.of(jar)))) {
        for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
            entries.put(entry, in.readAllBytes());
        }
    }
    return entries;
}

void rewrite(Path jar, Map<ZipEntry, byte[]> entries, ClassFile classFile) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
        for (Map.Entry<ZipEntry, byte[]> each : entries.entrySet()) {
            ZipEntry entry = new ZipEntry(each.getKey().getName());
            entry.setTimeLocal(each.getKey().getTimeLocal());
            out.putNextEntry(entry);
            out.write(entry.getName().endsWith(".class") ? strip(each.getValue(), classFile) : each.getValue());
        }
    }
}

byte[] strip(byte[] content, ClassFile classFile) {
    try {
        return classFile.transformClass(
                classFile.parse(content),
                ClassTransform.transformingMethodBodies((code, element) -> {
                    if (!(element instanceof LocalVariable || element instanceof LocalVariableType)) {
                        code.with(element);
                    }
                }));
    } catch (IllegalArgumentException e) {
        // It refers to a class of a library that is not used here, and cannot be used itself.
        return content;
    }
}
