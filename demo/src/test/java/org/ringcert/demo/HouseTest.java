package org.ringcert.demo;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The demo stands on the daemon and the core, and neither of them knows of it. */
class HouseTest {

    private static final String DEMO = "org.ringcert.demo..";
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("org.ringcert");

    @Test
    void nothingElseDependsOnTheDemo() {
        noClasses()
                .that()
                .resideOutsideOfPackage(DEMO)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(DEMO)
                .check(ALL);
    }

    /** The nodes of the demo are processes. Their insides are no concern of the demo. */
    @Test
    void theDemoDoesNotDependOnPartsOfTheDaemon() {
        noClasses()
                .that()
                .resideInAPackage(DEMO)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.ringcert.daemon.config..",
                        "org.ringcert.daemon.front..",
                        "org.ringcert.daemon.deploy..",
                        "org.ringcert.daemon.migration..",
                        "org.ringcert.daemon.setup..",
                        "org.ringcert.daemon.snippets..",
                        "org.ringcert.daemon.trial..",
                        "io.netty..",
                        "ch.qos.logback..")
                .check(ALL);
    }

    @Test
    void onlyDemoCommandDependsOnTheCommandLine() {
        noClasses()
                .that()
                .resideInAPackage(DEMO)
                .and()
                .areNotAssignableTo(DemoCommand.class)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "org.ringcert.daemon.cli..")
                .check(ALL);
    }
}
