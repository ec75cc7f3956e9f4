package tallyhook.testing;

import com.deque.html.axecore.providers.EmbeddedResourceAxeProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.OperationNotSupportedException;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.ElementClickInterceptedException;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * A person with a browser: Debian's Chromium, one for all tests of a JVM, with a profile of its own. Waits for what it
 * looks for, and looks at pages as a person does who cannot see them ({@link #barriers}).
 *
 * <p>{@code -Dtallyhook.test.screenshots=<folder>} keeps the pictures that {@link #picture} takes.
 */
public final class Browser {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String AXE = axe();
    private static final String PICTURES = System.getProperty("tallyhook.test.screenshots", "");

    private final ChromeDriver driver = Running.DRIVER;
    private final String base;

    private Browser(String base) {
        this.base = base;
    }

    /** The browser in front of the application on this port, with nothing remembered. */
    public static Browser at(int port) {
        var browser = new Browser("http://localhost:" + port);
        browser.driver.get("about:blank");
        // Not the cookies of this page only, as WebDriver does it.
        browser.driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
        browser.size(1280, 900);
        return browser;
    }

    /** Opens a page by its path. */
    public Browser open(String path) {
        driver.get(base + path);
        return this;
    }

    /** Signs in to the admin pages and lands on the overview. */
    public Browser login(String username, String password) {
        open("/admin/login").type("#username", username).type("#password", password);
        press("form[action$='/admin/login'] button[type=submit]");
        return see("nav.mainnav");
    }

    public Browser size(int width, int height) {
        driver.manage().window().setSize(new Dimension(width, height));
        return this;
    }

    /** Waits until something that fits this CSS selector is shown. */
    public Browser see(String selector) {
        find(selector);
        return this;
    }

    /** Waits until the page's text contains this. */
    public Browser read(String text) {
        waiting()
                .withMessage(() -> "“%s” is not on %s:%n%s".formatted(text, path(), text()))
                .until(any -> text().contains(text));
        return this;
    }

    /** Presses it as soon as nothing lies over it and it stands still. */
    public Browser press(String selector) {
        waiting()
                .withMessage(() -> "%s cannot be pressed on %s".formatted(selector, path()))
                .ignoring(ElementClickInterceptedException.class)
                .until(any -> {
                    find(selector).click();
                    return true;
                });
        return this;
    }

    public Browser type(String selector, String text) {
        var field = find(selector);
        field.clear();
        field.sendKeys(text);
        return this;
    }

    /** Chooses an option of a list by its value. */
    public Browser choose(String selector, String value) {
        new Select(find(selector)).selectByValue(value);
        return this;
    }

    /** Presses keys wherever the focus is. */
    public Browser keys(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
        return this;
    }

    public Browser enter() {
        return keys(Keys.ENTER);
    }

    /** The text of the first element that fits, once it is shown. */
    public String text(String selector) {
        return find(selector).getText();
    }

    /** All that the page shows as text, cells parted by a space. Asked of the browser itself, which is asked often. */
    public String text() {
        return String.valueOf(evaluate("document.body?.innerText ?? ''")).replaceAll("[\\t\u00a0]+", " ");
    }

    public int count(String selector) {
        return driver.findElements(By.cssSelector(selector)).size();
    }

    /** Where the browser is, with the query. */
    public String path() {
        return String.valueOf(driver.getCurrentUrl()).replace(base, "");
    }

    /** Waits until the address contains this. */
    public Browser arriveAt(String part) {
        waiting().withMessage(() -> "still at " + path()).until(any -> path().contains(part));
        return this;
    }

    /** The value of a JavaScript expression. */
    public Object evaluate(String expression) {
        return String.valueOf(((JavascriptExecutor) driver).executeScript("return " + expression));
    }

    /** Whether the page is wider than the window, so that a person must scroll sideways. */
    public boolean widerThanWindow() {
        return Boolean.parseBoolean(String.valueOf(
                evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")));
    }

    /** What keeps people out who use a screen reader or the keyboard: serious and critical findings of axe. */
    public List<String> barriers() {
        return barriers("en");
    }

    /** The same of a page that is looked at in each language: contrast, most of the work, only in English, as colours are the same. */
    public List<String> barriers(String language) {
        driver.executeScript(AXE);
        // Not by axe's own class for Selenium, which opens a second window each time, for frames that we do not have.
        var found = (List<?>) driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run({resultTypes: ['violations'], rules: {'color-contrast': {enabled: arguments[0]}}}).then(
                    result => done(result.violations
                        .filter(rule => ['serious', 'critical'].includes(rule.impact))
                        .map(rule => `${rule.id} on ${location}: ${rule.help} ${rule.nodes.map(node => node.html)}`)),
                    trouble => done([`axe does not run on ${location}: ${trouble}`]));
                """, language.equals("en"));
        return found.stream().map(String::valueOf).toList();
    }

    /** Keeps a picture of the whole page, if pictures are wanted. */
    public Browser picture(String name) {
        if (PICTURES.isEmpty()) {
            return this;
        }
        int width = driver.manage().window().getSize().getWidth();
        int height = Integer.parseInt(String.valueOf(evaluate("document.documentElement.scrollHeight")));
        int before = driver.manage().window().getSize().getHeight();
        size(width, Math.min(height + 200, 6000));
        try {
            Files.createDirectories(Path.of(PICTURES));
            Files.write(Path.of(PICTURES, name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            size(width, before);
        }
        return this;
    }

    private static String axe() {
        try {
            return new EmbeddedResourceAxeProvider().getScript();
        } catch (IOException | OperationNotSupportedException e) {
            throw new IllegalStateException("axe is not where it should be", e);
        }
    }

    private WebElement find(String selector) {
        Object found = waiting()
                .withMessage(() -> "no %s on %s:%n%s".formatted(selector, path(), text()))
                .until(any -> shown(selector).<Object>map(element -> element).orElse(Boolean.FALSE));
        return (WebElement) found;
    }

    private Optional<WebElement> shown(String selector) {
        return driver.findElements(By.cssSelector(selector)).stream()
                .filter(WebElement::isDisplayed)
                .findFirst();
    }

    private WebDriverWait waiting() {
        var wait = new WebDriverWait(driver, PATIENCE, Duration.ofMillis(50));
        wait.ignoring(StaleElementReferenceException.class);
        return wait;
    }

    private static final class Running {

        static final ChromeDriver DRIVER = start();

        private static ChromeDriver start() {
            var options = new ChromeOptions();
            options.setBinary("/usr/bin/chromium");
            options.addArguments(
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--hide-scrollbars",
                    // A click far down must not wait for a page that glides there, which one in the background never
                    // does.
                    "--force-prefers-reduced-motion",
                    "--disable-smooth-scrolling",
                    "--disable-renderer-backgrounding",
                    "--disable-backgrounding-occluded-windows",
                    "--lang=en",
                    "--user-data-dir=" + profile());
            var service = new ChromeDriverService.Builder()
                    .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
                    .build();
            var driver = new ChromeDriver(service, options);
            Runtime.getRuntime().addShutdownHook(new Thread(driver::quit));
            return driver;
        }

        private static Path profile() {
            try {
                var folder =
                        Files.createDirectories(Path.of("target", "browser").toAbsolutePath());
                return Files.createTempDirectory(folder, "profile");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
