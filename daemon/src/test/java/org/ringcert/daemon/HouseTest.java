package org.ringcert.daemon;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The packages of the daemon and their dependencies, as docs/DESIGN.md draws them. */
class HouseTest {

    private static final String DAEMON_PACKAGE = "org.ringcert.daemon.";
    private static final JavaClasses DAEMON = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("org.ringcert.daemon");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("org.ringcert.daemon.(*)..").should().beFreeOfCycles().check(DAEMON);
    }

    @Test
    void partsOfANodeDoNotDependOnEachOther() {
        String[] parts = {
            DAEMON_PACKAGE + "config..",
            DAEMON_PACKAGE + "front..",
            DAEMON_PACKAGE + "deploy..",
            DAEMON_PACKAGE + "snippets..",
            DAEMON_PACKAGE + "migration..",
            DAEMON_PACKAGE + "trial..",
            DAEMON_PACKAGE + "status.."
        };
        for (String part : parts) {
            for (String other : parts) {
                if (!part.equals(other)) {
                    noClasses()
                            .that()
                            .resideInAPackage(part)
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(other)
                            .check(DAEMON);
                }
            }
        }
    }

    @Test
    void partsOfANodeDoNotDependOnWhatIsBuiltFromThem() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        DAEMON_PACKAGE + "config..",
                        DAEMON_PACKAGE + "front..",
                        DAEMON_PACKAGE + "deploy..",
                        DAEMON_PACKAGE + "snippets..",
                        DAEMON_PACKAGE + "migration..",
                        DAEMON_PACKAGE + "trial..",
                        DAEMON_PACKAGE + "status..",
                        DAEMON_PACKAGE + "check..",
                        "org.ringcert.daemon")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(DAEMON_PACKAGE + "cli..", DAEMON_PACKAGE + "setup..")
                .check(DAEMON);
        noClasses()
                .that()
                .resideInAnyPackage(
                        DAEMON_PACKAGE + "config..",
                        DAEMON_PACKAGE + "front..",
                        DAEMON_PACKAGE + "deploy..",
                        DAEMON_PACKAGE + "snippets..",
                        DAEMON_PACKAGE + "migration..",
                        DAEMON_PACKAGE + "trial..",
                        DAEMON_PACKAGE + "status..",
                        DAEMON_PACKAGE + "check..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.ringcert.daemon")
                .check(DAEMON);
    }

    @Test
    void onlyTheCommandLineUsesPicocliAndOnlyTheFrontUsesNetty() {
        noClasses()
                .that()
                .resideOutsideOfPackage(DAEMON_PACKAGE + "cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "ch.qos.logback..", DAEMON_PACKAGE + "cli..")
                .check(DAEMON);
        noClasses()
                .that()
                .resideOutsideOfPackage(DAEMON_PACKAGE + "front..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(DAEMON);
    }
}
