package org.ringcert.daemon;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
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

    @Test
    void onlyTheMetricsUsePrometheus() {
        noClasses()
                .that()
                .resideOutsideOfPackage(DAEMON_PACKAGE + "metrics..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.prometheus..")
                .check(DAEMON);
    }

    @Test
    void whatShowsTheNodeKnowsOnlyWhatItShows() {
        noClasses()
                .that()
                .resideInAPackage(DAEMON_PACKAGE + "admin..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        DAEMON_PACKAGE + "front..",
                        DAEMON_PACKAGE + "deploy..",
                        DAEMON_PACKAGE + "snippets..",
                        DAEMON_PACKAGE + "migration..",
                        DAEMON_PACKAGE + "trial..",
                        DAEMON_PACKAGE + "check..",
                        DAEMON_PACKAGE + "setup..",
                        DAEMON_PACKAGE + "cli..",
                        DAEMON_PACKAGE + "metrics..",
                        DAEMON_PACKAGE + "alert..",
                        "org.ringcert.daemon")
                .check(DAEMON);
        noClasses()
                .that()
                .resideInAPackage(DAEMON_PACKAGE + "alert..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        DAEMON_PACKAGE + "front..",
                        DAEMON_PACKAGE + "deploy..",
                        DAEMON_PACKAGE + "snippets..",
                        DAEMON_PACKAGE + "migration..",
                        DAEMON_PACKAGE + "trial..",
                        DAEMON_PACKAGE + "check..",
                        DAEMON_PACKAGE + "setup..",
                        DAEMON_PACKAGE + "cli..",
                        DAEMON_PACKAGE + "metrics..",
                        DAEMON_PACKAGE + "admin..",
                        "org.ringcert.daemon")
                .check(DAEMON);
        noClasses()
                .that()
                .resideInAPackage(DAEMON_PACKAGE + "metrics..")
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("org.ringcert.daemon..")
                        .and(JavaClass.Predicates.resideOutsideOfPackages(
                                DAEMON_PACKAGE + "metrics..",
                                DAEMON_PACKAGE + "front..",
                                DAEMON_PACKAGE + "admin..",
                                DAEMON_PACKAGE + "status..")))
                .check(DAEMON);
    }

    @Test
    void onlyMetricsKnowPrometheusAndOnlyTheAdminServerTheHttpServerOfTheJdk() {
        noClasses()
                .that()
                .resideOutsideOfPackage(DAEMON_PACKAGE + "metrics..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.prometheus..")
                .check(DAEMON);
        noClasses()
                .that()
                .resideOutsideOfPackage(DAEMON_PACKAGE + "admin..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.sun.net.httpserver..")
                .check(DAEMON);
    }

    @Test
    void onlyThePageUsesTemplates() {
        noClasses()
                .that()
                .resideOutsideOfPackage(DAEMON_PACKAGE + "admin.page..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("gg.jte..")
                .check(DAEMON);
    }

    /** A mapper of Java objects would take several MB of every daemon's memory. */
    @Test
    void jsonIsReadAndWrittenWithoutAMapper() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("tools\\.jackson\\.databind\\.(json\\..*|Object(Mapper|Reader|Writer).*)")
                .check(DAEMON);
    }
}
