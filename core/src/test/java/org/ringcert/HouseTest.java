package org.ringcert;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

/** The rooms of the core and the arrows between them, as docs/DESIGN.md draws them. */
class HouseTest {

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("org.ringcert");

    @Test
    void roomsKnowOnlyThoseBelow() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("simulate")
                .definedBy("org.ringcert.simulate..")
                .layer("event")
                .definedBy("org.ringcert.event..")
                .layer("renew")
                .definedBy("org.ringcert.renew..")
                .layer("plan")
                .definedBy("org.ringcert.plan..")
                .layer("view")
                .definedBy("org.ringcert.view..")
                .layer("issue")
                .definedBy("org.ringcert.issue..")
                .layer("acme")
                .definedBy("org.ringcert.acme..")
                .layer("handoff")
                .definedBy("org.ringcert.handoff..")
                .layer("dns")
                .definedBy("org.ringcert.dns..")
                .layer("http")
                .definedBy("org.ringcert.http..")
                .layer("challenge")
                .definedBy("org.ringcert.challenge..")
                .layer("store")
                .definedBy("org.ringcert.store..")
                .layer("json")
                .definedBy("org.ringcert.json..")
                .layer("pki")
                .definedBy("org.ringcert.pki..")
                .layer("cluster")
                .definedBy("org.ringcert.cluster..")
                .whereLayer("simulate")
                .mayOnlyAccessLayers("renew", "plan", "issue", "acme", "store", "pki", "cluster")
                .whereLayer("event")
                .mayOnlyAccessLayers("renew", "issue", "acme", "handoff", "challenge", "store", "pki", "cluster")
                .whereLayer("renew")
                .mayOnlyAccessLayers("plan", "issue", "acme", "store", "cluster")
                .whereLayer("plan")
                .mayOnlyAccessLayers("store", "cluster")
                .whereLayer("view")
                .mayOnlyAccessLayers("handoff", "http", "dns", "challenge", "json", "pki", "cluster")
                .whereLayer("issue")
                .mayOnlyAccessLayers("acme", "challenge", "store", "pki", "cluster")
                .whereLayer("acme")
                .mayOnlyAccessLayers("challenge", "json", "pki", "cluster")
                .whereLayer("handoff")
                .mayOnlyAccessLayers("challenge", "http", "cluster")
                .whereLayer("challenge")
                .mayOnlyAccessLayers("store")
                .whereLayer("store")
                .mayOnlyAccessLayers("json", "pki", "cluster")
                .whereLayer("json")
                .mayNotAccessAnyLayer()
                .whereLayer("pki")
                .mayOnlyAccessLayers("cluster")
                .whereLayer("dns")
                .mayOnlyAccessLayers("cluster")
                .whereLayer("http")
                .mayNotAccessAnyLayer()
                .whereLayer("cluster")
                .mayNotAccessAnyLayer()
                .check(CORE);
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching("org.ringcert.(*)..").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void coreKnowsNeitherNettyNorACommandLine() {
        ArchRuleDefinition.noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.netty..",
                        "io.prometheus..",
                        "picocli..",
                        "org.tomlj..",
                        "ch.qos.logback..",
                        "org.ringcert.daemon..")
                .check(CORE);
    }

    /** A mapper of Java objects would take several MB of every daemon's memory. */
    @Test
    void jsonIsReadAndWrittenWithoutAMapper() {
        ArchRuleDefinition.noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("tools\\.jackson\\.databind\\.(json\\..*|Object(Mapper|Reader|Writer).*)")
                .check(CORE);
    }
}
