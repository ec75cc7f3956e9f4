package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.selenium.AxeBuilder;
import io.tallyhook.TallyhookApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;
import tallyhook.testing.FreshDatabase;

/** The frame of the pages in a real browser: both languages, wide and narrow, light and dark. */
@SpringBootTest(
        classes = TallyhookApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "tallyhook.sandbox.enabled=false",
            "tallyhook.admin.username=ada",
            "tallyhook.admin.password=" + PagesBrowserTests.PASSWORD
        })
@ContextConfiguration(initializers = FreshDatabase.class)
@Import(SamplePage.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesBrowserTests {

    static final String PASSWORD = "a long walk at the sea";

    private static final Path SCREENSHOTS = Path.of("target/screenshots");

    @LocalServerPort
    int port;

    private ChromeDriver browser = start();

    private static ChromeDriver start() {
        var options = new ChromeOptions()
                .setBinary("/usr/bin/chromium")
                .addArguments(
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--hide-scrollbars");
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new java.io.File("/usr/bin/chromedriver"))
                .build();
        return new ChromeDriver(service, options);
    }

    @BeforeAll
    void signIn() throws IOException {
        Files.createDirectories(SCREENSHOTS);
        open("/admin/keys");
        assertThat(browser.getCurrentUrl()).contains("/admin/login");
        browser.findElement(By.id("username")).sendKeys("ada");
        browser.findElement(By.id("password")).sendKeys(PASSWORD + Keys.ENTER);
        new WebDriverWait(browser, Duration.ofSeconds(20))
                .until(page -> String.valueOf(page.getCurrentUrl()).contains("/admin/keys"));
    }

    @AfterAll
    void quit() {
        browser.quit();
    }

    @BeforeEach
    void startWideAndLight() {
        size(1280, 1400);
        browser.manage().deleteCookieNamed("theme");
        browser.manage().logs().get(LogType.BROWSER);
    }

    @ParameterizedTest(name = "{0} in {1}, {2} wide, {3}")
    @CsvSource({
        "/admin/sample, en, 1280, light",
        "/admin/sample, zh-CN, 1280, dark",
        "/admin/sample, zh-CN, 390, light",
        "/admin/sample, en, 390, dark",
        "/admin/keys, en, 1280, light",
        "/admin/keys, zh-CN, 390, light",
        "/admin/login, en, 1280, light",
        "/admin/login?error, zh-CN, 390, dark",
        "/admin/password, en, 390, light",
        "/admin/password, zh-CN, 1280, light",
        "/admin/not-there, en, 1280, light",
    })
    void aPageIsWholeAccessibleAndFitsTheScreen(String path, String language, int width, String theme)
            throws IOException {
        size(width, 1400);
        open("/admin/keys");
        if (theme.equals("dark")) {
            browser.findElement(By.cssSelector("[data-theme-switch]")).click();
        }
        open(path + (path.contains("?") ? "&" : "?") + "lang=" + language);
        shoot("%s-%s-%d-%s".formatted(path.replaceAll("\\W+", "-").substring(1), language, width, theme));

        assertThat(browser.findElement(By.tagName("html")).getDomAttribute("lang"))
                .isEqualTo(language);
        assertThat(browser.findElement(By.tagName("html")).getDomAttribute("data-bs-theme"))
                .isEqualTo(theme);
        assertThat((Boolean) browser.executeScript(
                        "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
                .as("nothing sticks out")
                .isTrue();
        assertThat(browser.findElement(By.tagName("body")).getText()).doesNotContain("??");
        var findings = new AxeBuilder()
                .analyze(browser).getViolations().stream()
                        .filter(rule -> List.of("serious", "critical").contains(rule.getImpact()))
                        .map(rule -> rule.getId() + " " + rule.getNodes())
                        .toList();
        assertThat(findings).isEmpty();
        assertThat(complaints(path)).isEmpty();
    }

    @Test
    void slashGoesToTheSearchAndEnterSearches() {
        open("/admin/sample");
        browser.findElement(By.tagName("body")).sendKeys("/");
        assertThat(browser.switchTo().activeElement().getDomAttribute("id")).isEqualTo("search");
        browser.switchTo().activeElement().sendKeys("a/b" + Keys.ENTER);
        new WebDriverWait(browser, Duration.ofSeconds(10))
                .until(page -> String.valueOf(page.getCurrentUrl()).contains("/admin/search?q=a%2Fb"));
    }

    @Test
    void theFirstTabLeadsPastTheNavigation() {
        open("/admin/sample");
        browser.findElement(By.tagName("body")).sendKeys(Keys.TAB);
        var link = browser.switchTo().activeElement();
        assertThat(link.getDomAttribute("class")).isEqualTo("skip-link");
        link.sendKeys(Keys.ENTER);
        assertThat(browser.switchTo().activeElement().getDomAttribute("id")).isEqualTo("main");
    }

    @Test
    void onANarrowScreenTheMenuOpensAndCloses() {
        size(390, 900);
        open("/admin/sample");
        var menu = browser.findElement(By.id("mainnav"));
        var button = browser.findElement(By.cssSelector(".nav-toggle"));
        assertThat(menu.isDisplayed()).isFalse();
        button.click();
        assertThat(menu.isDisplayed()).isTrue();
        assertThat(button.getDomAttribute("aria-expanded")).isEqualTo("true");
        button.click();
        assertThat(menu.isDisplayed()).isFalse();
    }

    @Test
    void aDialogAsksFirstAndEscapeChangesNothing() {
        open("/admin/sample");
        browser.findElement(By.cssSelector("[data-dialog=retry]")).click();
        var dialog = browser.findElement(By.id("retry"));
        assertThat(dialog.isDisplayed()).isTrue();
        browser.switchTo().activeElement().sendKeys(Keys.ESCAPE);
        assertThat(dialog.isDisplayed()).isFalse();
        assertThat(browser.getCurrentUrl()).endsWith("/admin/sample");
    }

    @Test
    void aKeyIsMadeShownOnceCopiedAndRevoked() throws IOException {
        open("/admin/keys?lang=en");
        browser.findElement(By.id("name")).sendKeys("Web shop <b>&amp;");
        browser.findElement(By.cssSelector("input[value='orders:read']")).click();
        browser.findElement(By.cssSelector("input[value='refunds:write']")).click();
        browser.findElement(By.cssSelector("form.card-body button[type=submit]"))
                .click();
        var key = new WebDriverWait(browser, Duration.ofSeconds(10))
                .until(page -> page.findElement(By.cssSelector(".secret code")))
                .getText();
        assertThat(key).matches("thk_[A-Za-z0-9_-]{43}");
        shoot("keys-issued");
        browser.findElement(By.cssSelector(".secret .copy")).click();
        new WebDriverWait(browser, Duration.ofSeconds(5))
                .until(page -> page.findElement(By.id("live")).getText().equals("Copied"));

        open("/admin/keys");
        assertThat(browser.getPageSource()).doesNotContain(key);
        browser.findElement(By.cssSelector("[data-dialog^=revoke]")).click();
        shoot("keys-revoke");
        browser.findElement(By.cssSelector("dialog[open] .btn-danger")).click();
        new WebDriverWait(browser, Duration.ofSeconds(10))
                .until(page ->
                        !page.findElements(By.cssSelector(".flash.tone-good")).isEmpty());
        assertThat(browser.findElement(By.tagName("body")).getText()).contains("Revoked", "Web shop <b>&amp;");
        assertThat(complaints("/admin/keys")).isEmpty();
    }

    @Test
    void theSwitchOfLanguageKeepsTheFilters() {
        open("/admin/sample?lang=en&state=PAID&q=a%26b");
        browser.findElement(By.cssSelector("[hreflang=zh-CN]")).click();
        new WebDriverWait(browser, Duration.ofSeconds(10))
                .until(page ->
                        "zh-CN".equals(page.findElement(By.tagName("html")).getDomAttribute("lang")));
        assertThat(browser.getCurrentUrl()).contains("state=PAID", "q=a%26b", "lang=zh-CN");
        open("/admin/sample");
        assertThat(browser.findElement(By.tagName("html")).getDomAttribute("lang"))
                .isEqualTo("zh-CN");
    }

    private void open(String path) {
        browser.get("http://localhost:" + port + path);
    }

    private void size(int width, int height) {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    private void shoot(String name) throws IOException {
        Files.write(SCREENSHOTS.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    }

    /** What the browser complained of, above all of the content security policy; a page that is not there may be missed. */
    private List<String> complaints(String path) {
        return browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(entry -> entry.getMessage())
                .filter(message -> !(path.contains("not-there") && message.contains("404")))
                .toList();
    }
}
