// Checking a copy in a real browser: on the server's page, and on the page that needs no server. Both say the same.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { axe, openPage, ordersIn, picture, root, signIn, startBrowser, startServer } from "./harness.js";

let server;
let browser;
let copy;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  const session = await openPage(browser, server);
  await signIn(session.page, server.login);
  await session.page.goto("/?status=signed_off");
  const orders = [...(await ordersIn(session.page, "odd")), ...(await ordersIn(session.page, "plain"))];
  for (const order of orders) {
    const answer = await session.page.request.get(`${order}/copy`);
    const text = answer.ok() ? await answer.text() : "";
    // A copy with a price and two signatures: everything that can be tampered with.
    if (text.includes("unit_price") && text.match(/"strokes"/g)?.length === 2) copy = text;
  }
  await session.close();
  assert.ok(copy, "the demo has a signed and priced sheet");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** The copy with something changed. */
function tampered(change) {
  const changed = JSON.parse(copy);
  change(changed.papers[0], changed);
  return JSON.stringify(changed);
}

const cases = [
  ["as it is", (text) => text, []],
  ["one byte of the document", () => tampered((paper) => (paper.document = paper.document.replace('"unit":"', '"unit":"9'))), ["document"]],
  ["a price", () => tampered((paper) => (paper.document = paper.document.replace(/("unit_price":\{"currency":"CNY","minor":)/, "$19"))), ["line", "total", "document"]],
  ["a total", () => tampered((paper) => (paper.document = paper.document.replace(/("total":\{"currency":"CNY","minor":)/, "$11"))), ["total", "document"]],
  ["a stroke", () => tampered((paper) => (paper.seals[0].strokes = flipped(paper.seals[0].strokes))), ["strokes"]],
  ["a name", () => tampered((paper) => (paper.seals[1].name += "x")), ["signer"]],
  ["the time", () => tampered((paper) => (paper.seals[1].at = paper.seals[1].at.replace("T1", "T0"))), ["signer"]],
  ["the language", () => tampered((paper) => (paper.seals[1].lang = "en")), ["language"]],
  ["the firm", () => tampered((_, all) => (all.org = "another")), ["org"]],
];

/** One bit of one byte in the middle of base64. */
function flipped(base64) {
  const bytes = Buffer.from(base64, "base64");
  bytes[bytes.length >> 1] ^= 1;
  return bytes.toString("base64");
}

const texts = (page) => page.$$eval(".differs li", (items) => items.map((item) => item.textContent));
const codes = (page) => page.$$eval(".differs li", (items) => items.map((item) => item.dataset.code));

async function ask(page, text, lang) {
  await page.goto(`/verify?lang=${lang}`);
  await page.fill("[name=copy]", text);
  await Promise.all([page.waitForResponse((answer) => answer.request().method() === "POST"), page.click("main button.primary")]);
  await page.waitForSelector(".answer");
}

describe("the server's page", () => {
  for (const [what, change, expected] of cases) {
    test(`${what}: ${expected.join(", ") || "valid"}`, async () => {
      const session = await openPage(browser, server);
      await ask(session.page, change(copy), "zh-Hant");
      assert.deepEqual(await codes(session.page), expected);
      assert.equal(await session.page.$eval(".answer", (answer) => answer.classList.contains("good")), expected.length === 0);
      await session.close();
    });
  }

  test("says who signed what and when, in three languages, without signing in, and takes no script to do it", async () => {
    const session = await openPage(browser, server, { javaScriptEnabled: false });
    const { page } = session;
    for (const [lang, heading] of [["zh-Hant", "與封存時一致"], ["zh-Hans", "与封存时一致"], ["en", "As it was sealed"]]) {
      await ask(page, copy, lang);
      assert.equal(await page.textContent(".answer h2"), heading);
      const [technician, resident] = JSON.parse(copy).papers[0].seals;
      const lines = await page.$$eval(".seals li", (items) => items.map((item) => item.textContent));
      assert.ok(lines[0].includes(technician.name) && lines[0].includes(technician.at), lines[0]);
      assert.ok(lines[1].includes(resident.name), lines[1]);
    }
    await session.close();
    const seen = await openPage(browser, server);
    await ask(seen.page, copy, "zh-Hant");
    assert.deepEqual(await axe(seen.page), []);
    await picture(seen.page, "verify-valid");
    await ask(seen.page, cases[2][1](), "zh-Hant");
    await picture(seen.page, "verify-price-changed");
    await ask(seen.page, "hello", "en");
    assert.equal(await seen.page.textContent(".answer h2"), "Cannot be checked");
    await seen.close();
  });

  test("a scanned link is read from behind the # and leaves no trace in an address", async () => {
    const session = await openPage(browser, server);
    const { page, wrong } = session;
    const addresses = [];
    page.on("request", (request) => addresses.push(request.url()));
    await page.goto(`/verify#${await linkOf(copy)}`);
    await page.waitForSelector(".answer.good");
    assert.ok(addresses.every((address) => !/\d{20}/.test(new URL(address).pathname + new URL(address).search)), addresses.join("\n"));
    assert.equal(new URL(page.url()).hash, "");
    assert.deepEqual(wrong, []);
    await session.close();
  });
});

/** The digits of a link, made here a second time: deflated, 17 digits for 7 bytes. */
async function linkOf(text) {
  const { deflateRawSync } = await import("node:zlib");
  const bytes = deflateRawSync(Buffer.from(text), { level: 9 });
  const widths = [0, 3, 5, 8, 10, 13, 15, 17];
  let digits = "1";
  for (let at = 0; at < bytes.length; at += 7) {
    const group = bytes.subarray(at, at + 7);
    digits += BigInt(`0x${group.toString("hex")}`).toString().padStart(widths[group.length], "0");
  }
  return digits;
}

describe("the page without a server", () => {
  const address = pathToFileURL(join(root, "verify", "index.html")).href;

  test("gives the same answers in the same words, with no network at all", async () => {
    const own = await browser.newContext({ offline: true, locale: "zh-TW" });
    const page = await own.newPage();
    const wrong = [];
    page.on("pageerror", (error) => wrong.push(error.message));
    page.on("request", (request) => request.url().startsWith("file:") || wrong.push(request.url()));
    await page.goto(address);
    const session = await openPage(browser, server);
    for (const [index, lang] of ["zh-Hant", "zh-Hans", "en"].entries()) {
      await page.click(`#languages button:nth-child(${index + 1})`);
      for (const [what, change, expected] of cases) {
        const text = change(copy);
        await page.fill("[name=copy]", text);
        await page.fill("[name=keys]", JSON.parse(copy).key);
        await page.evaluate(() => (document.getElementById("answer").className = ""));
        await page.click("button.primary");
        await page.waitForSelector(".answer");
        assert.deepEqual(await codes(page), expected, what);
        await ask(session.page, text, lang);
        assert.deepEqual(await texts(page), await texts(session.page), `${what} in ${lang}`);
        assert.equal(await page.textContent(".answer h2"), await session.page.textContent(".answer h2"));
        assert.deepEqual(await page.$$eval(".seals li", (all) => all.map((one) => one.textContent)), await session.page.$$eval(".seals li", (all) => all.map((one) => one.textContent)));
      }
    }
    assert.deepEqual(wrong, []);
    assert.deepEqual(await axe(page), []);
    await picture(page, "verify-offline");
    await session.close();
    await own.close();
  });

  test("without the firm's keys it says what is still to be asked, and opens a scanned link", async () => {
    const own = await browser.newContext({ offline: true, locale: "en-GB" });
    const page = await own.newPage();
    await page.goto(`${address}#${await linkOf(copy)}`);
    await page.waitForSelector(".answer.ask");
    assert.deepEqual(await codes(page), ["key_unknown"]);
    await page.fill("[name=copy]", "hello");
    await page.click("button.primary");
    await page.waitForSelector(".answer.bad");
    assert.equal(await page.textContent(".answer h2"), "Cannot be checked");
    await own.close();
  });
});
