package io.tallyhook;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationEventPublisher;

/** The taste of this house, as far as a machine can check it. Each message says what to do instead. */
class TidyTests {

    private static final Path ROOT =
            java.util.Objects.requireNonNull(Path.of("").toAbsolutePath().getParent(), "the repository");

    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new ProductionOnly()).importPackages("io.tallyhook");

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .should()
                .haveNameMatching(".*(Impl|Util|Utils|Helper|Manager|Dto|DTO|Entity|Base|Common)")
                .because("a name from the field says more: call it what it does or what it is")
                .check(CLASSES);
    }

    @Test
    void moneyIsNeverFloatingPoint() {
        noFields()
                .should()
                .haveRawType(double.class)
                .orShould()
                .haveRawType(float.class)
                .orShould()
                .haveRawType(Double.class)
                .orShould()
                .haveRawType(Float.class)
                .because("money is long minor units; for durations use Duration, for rates two longs")
                .check(CLASSES);
        noMethods()
                .that()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackages("..sandbox..")
                .should()
                .haveRawReturnType(double.class)
                .orShould()
                .haveRawReturnType(float.class)
                .because("money is long minor units")
                .check(CLASSES);
    }

    @Test
    void onlyTheIntakeTheSweepAndFulfilmentTellTheModules() {
        noClasses()
                .that()
                .doNotHaveSimpleName("ConfirmPayments")
                .and()
                .doNotHaveSimpleName("Sweep")
                .and()
                .doNotHaveSimpleName("Fulfilments")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ApplicationEventPublisher.class)
                .because(
                        "an event published outside of a transaction is stored and never heard (research: registry trap 1)")
                .check(CLASSES.that(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "modules that own money",
                        type -> Stream.of("payment", "orders", "wallet", "membership")
                                .anyMatch(module -> type.getPackageName().startsWith("io.tallyhook." + module)))));
    }

    @Test
    void timeComesFromAClock() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..sandbox..")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(java.time.LocalDate.class, "now")
                .orShould()
                .callMethod(java.time.LocalDateTime.class, "now")
                .because("tests must be able to set the time: inject a Clock")
                .check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        var without = new ArrayList<Path>();
        for (var folder : folders("src/main/java")) {
            var info = folder.resolve("package-info.java");
            if (!Files.exists(info) || !read(info).contains("@NullMarked")) {
                without.add(ROOT.relativize(folder));
            }
        }
        assertThat(without)
                .as("packages without a @NullMarked package-info.java")
                .isEmpty();
    }

    @Test
    void nothingIsLeftForLaterAndNothingWaitsBySleeping() {
        var banned = Map.of(
                Pattern.compile("\\b(TODO|FIXME|XXX)\\b"), "do it, or write it into the closing note",
                Pattern.compile("Thread\\.sleep\\("), "wait for a condition with Awaitility",
                Pattern.compile("@Disabled|assumeTrue|assumeFalse"), "a test that does not run protects nothing");
        var found = new ArrayList<String>();
        for (var file : files(".java")) {
            if (file.endsWith("TidyTests.java")) {
                continue;
            }
            var text = read(file);
            banned.forEach((pattern, instead) -> {
                if (pattern.matcher(text).find()) {
                    found.add("%s has %s: %s".formatted(ROOT.relativize(file), pattern, instead));
                }
            });
        }
        assertThat(found).isEmpty();
    }

    @Test
    void pagesEscapeEverything() {
        var found = files(".html").stream()
                .filter(file -> read(file).contains("th:utext") || read(file).contains("__${"))
                .map(ROOT::relativize)
                .toList();
        assertThat(found)
                .as("th:utext and preprocessing let a payload become markup: use th:text")
                .isEmpty();
    }

    @Test
    void pagesHaveNoInlineScriptsOrStyles() {
        var inline = Pattern.compile("<script(?![^>]*(src|th:src)=)|\\sstyle=\"|\\son[a-z]+=\"");
        var found = files(".html").stream()
                .filter(file -> inline.matcher(read(file)).find())
                .map(ROOT::relativize)
                .toList();
        assertThat(found)
                .as("the content security policy forbids inline scripts and styles")
                .isEmpty();
    }

    @Test
    void classesCanBeRead() {
        var tooLong = files(".java").stream()
                .filter(file -> file.toString().contains("src/main"))
                .filter(file -> read(file).lines().count() > 250)
                .map(ROOT::relativize)
                .toList();
        assertThat(tooLong)
                .as("a class over 250 lines does more than one thing: split it")
                .isEmpty();
    }

    private static List<Path> folders(String sources) {
        return files(".java").stream()
                .filter(file -> file.toString().contains(sources))
                .map(Path::getParent)
                .distinct()
                .toList();
    }

    private static List<Path> files(String suffix) {
        try (var files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .filter(file -> !file.toString().contains("/target/"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
