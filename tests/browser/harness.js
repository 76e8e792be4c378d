// Starts the demo server and the system's Chromium, and signs in: what every browser test stands on.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, "..", "..");
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The server's program: named by the test command, else the newest build. */
function program() {
  const named = process.env.DOORSTEP_SERVER;
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  const built = [join(target, "debug", "doorstep-server"), join(target, "release", "doorstep-server")];
  const found = [named, ...built].find((path) => path && existsSync(path));
  if (!found) throw new Error("no doorstep-server: build it first (cargo build -p doorstep-server)");
  return found;
}

/** Starts a demo server on a free port; resolves to its address, its login and a way to stop it. */
export async function startServer() {
  const child = spawn(program(), ["demo", "--port", "0", "--ready-json"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (text) => (said = (said + text).slice(-4000)));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const ready = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server did not get ready\n${said}`)), 120_000);
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (!line.startsWith("{")) return;
      clearTimeout(timer);
      resolve(JSON.parse(line));
    });
    ended.then((code) => {
      clearTimeout(timer);
      reject(new Error(`the server ended with ${code}\n${said}`));
    });
  });
  const stop = async () => {
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
    await ended;
    clearTimeout(timer);
  };
  try {
    return { ...(await ready), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts the browser without the services it would talk to. */
export function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/**
 * A page of its own session that remembers what went wrong in it: console errors, uncaught errors, failed requests,
 * and requests to any other address than the server's.
 */
export async function openPage(browser, server, options = {}) {
  const context = await browser.newContext({ baseURL: server.url, locale: "zh-TW", viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => message.type() === "error" && wrong.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`page: ${error.message}`));
  page.on("requestfailed", (request) => {
    // Leaving a page before its icon is there is no failure.
    const why = request.failure()?.errorText;
    if (why !== "net::ERR_ABORTED") wrong.push(`failed: ${request.url()} ${why}`);
  });
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(server.url).origin) wrong.push(`elsewhere: ${request.url()}`);
  });
  page.setDefaultTimeout(15_000);
  return { page, wrong, close: () => context.close() };
}

/** Signs in on the sign-in page. */
export async function signIn(page, login) {
  await page.goto("/login");
  await page.fill("[name=org]", login.org);
  await page.fill("[name=user]", login.user);
  await page.fill("[name=password]", login.password);
  await page.click("main button.primary");
  await page.waitForURL((url) => url.pathname === "/");
}

/** What axe finds serious or critical on the page as it stands. */
export async function axe(page) {
  // Through the debugger, not as a script element: the page's own policy allows no script.
  await page.evaluate(axeSource);
  const results = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const serious = results.violations.filter((found) => ["serious", "critical"].includes(found.impact));
  return serious.map((found) => `${found.id}: ${found.nodes.map((node) => node.target.join(" ")).slice(0, 4).join(", ")}`);
}

/** Keeps a picture when SCREENSHOTS names a folder. */
export async function picture(page, name) {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** The addresses of the orders in a section of the list. */
export async function ordersIn(page, section) {
  return page.$$eval(`section[aria-labelledby=${section}] a.number`, (links) => links.map((link) => new URL(link.href).pathname));
}
