// Pages that show what changed without a reload, and never under somebody's hands.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { axe, openPage, ordersIn, signIn, startBrowser, startServer } from "./harness.js";

let server;
let browser;
let session;
let other;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

beforeEach(async () => {
  session = await openPage(browser, server);
  other = await openPage(browser, server);
  await signIn(session.page, server.login);
  await signIn(other.page, server.login);
});

afterEach(async () => {
  await session.close();
  await other.close();
});

/** The first order of a list, as an address. */
async function first(page, status, section) {
  await page.goto(`/?status=${status}`);
  const [order] = await ordersIn(page, section);
  assert.ok(order, `the demo has an order that is ${status}`);
  return order;
}

/** Somebody else writes a note. */
async function note(order, text) {
  const { page } = other;
  await page.goto(order);
  await page.click("summary:has-text('加備註')");
  await page.fill("form[action$='/note'] [name=text]", text);
  await page.click("form[action$='/note'] button");
  await page.waitForURL((url) => url.pathname === order);
}

test("an order's page shows somebody else's note by itself, at the same height, with the same things unfolded", async () => {
  const { page, wrong } = session;
  const order = await first(page, "signed_off", "plain");
  await page.goto(order);
  let loads = 0;
  page.on("load", () => (loads += 1));
  await page.click("summary:has-text('作廢')");
  await page.evaluate(() => window.scrollTo(0, 400));
  await note(order, "門鈴壞了，請打電話");
  await page.waitForSelector(".timeline:has-text('門鈴壞了，請打電話')", { state: "attached" });
  assert.equal(loads, 0, "without a reload");
  assert.equal(await page.evaluate(() => Math.round(window.scrollY)), 400);
  assert.equal(await page.locator("details[open] > summary:has-text('作廢')").count(), 1);
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(wrong, []);
});

test("the list shows an order that was voided meanwhile", async () => {
  const { page, wrong } = session;
  const order = await first(page, "signed_off", "plain");
  await other.page.goto(order);
  await other.page.click("summary:has-text('作廢')");
  await other.page.fill("form[action$='/void'] [name=reason]", "重複登記");
  await other.page.click("form[action$='/void'] button");
  await page.waitForSelector(`a.number[href="${order}"]`, { state: "detached" });
  assert.deepEqual(wrong, []);
});

test("what somebody types stays, and a line says that there is something newer", async () => {
  const { page, wrong } = session;
  const order = await first(page, "signed_off", "plain");
  await page.goto(order);
  await page.click("summary:has-text('加備註')");
  await page.fill("form[action$='/note'] [name=text]", "我正在寫");
  await note(order, "另一位同事的備註");
  await page.waitForSelector("#newer:visible");
  assert.match(await page.textContent("#newer"), /有更新/);
  assert.equal(await page.inputValue("form[action$='/note'] [name=text]"), "我正在寫");
  assert.doesNotMatch(await page.textContent(".timeline"), /另一位同事的備註/);
  assert.deepEqual(await axe(page), []);
  await page.click("#newer a");
  await page.waitForSelector(".timeline:has-text('另一位同事的備註')");
  assert.deepEqual(wrong, []);
});

test("a search only says that there is something newer, and is sent again when asked", async () => {
  const { page, wrong } = session;
  const order = await first(page, "signed_off", "plain");
  await page.fill("[name=q]", "3");
  await page.click("form.filters button.primary");
  await page.waitForLoadState();
  await note(order, "與搜尋無關");
  await page.waitForSelector("#newer:visible");
  await page.click("#newer button");
  await page.waitForSelector("#newer", { state: "hidden" });
  assert.equal(await page.inputValue("[name=q]"), "3");
  assert.deepEqual(wrong, []);
});
