package org.ringcert.daemon;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The rooms of the daemon and the arrows between them, as docs/DESIGN.md draws them. */
class HouseTest {

    private static final String HERE = "org.ringcert.daemon.";
    private static final JavaClasses DAEMON = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("org.ringcert.daemon");

    @Test
    void roomsHaveNoCycles() {
        slices().matching("org.ringcert.daemon.(*)..").should().beFreeOfCycles().check(DAEMON);
    }

    @Test
    void partsOfANodeDoNotKnowEachOther() {
        String[] parts = {
            HERE + "config..",
            HERE + "front..",
            HERE + "deploy..",
            HERE + "snippets..",
            HERE + "migration..",
            HERE + "trial..",
            HERE + "status.."
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
    void partsOfANodeDoNotKnowWhatIsWiredFromThem() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        HERE + "config..",
                        HERE + "front..",
                        HERE + "deploy..",
                        HERE + "snippets..",
                        HERE + "migration..",
                        HERE + "trial..",
                        HERE + "status..",
                        "org.ringcert.daemon")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(HERE + "cli..", HERE + "setup..")
                .check(DAEMON);
        noClasses()
                .that()
                .resideInAnyPackage(
                        HERE + "config..",
                        HERE + "front..",
                        HERE + "deploy..",
                        HERE + "snippets..",
                        HERE + "migration..",
                        HERE + "trial..",
                        HERE + "status..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.ringcert.daemon")
                .check(DAEMON);
    }

    @Test
    void onlyTheCommandLineKnowsPicocliAndOnlyTheFrontKnowsNetty() {
        noClasses()
                .that()
                .resideOutsideOfPackage(HERE + "cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "ch.qos.logback..", HERE + "cli..")
                .check(DAEMON);
        noClasses()
                .that()
                .resideOutsideOfPackage(HERE + "front..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(DAEMON);
    }
}
