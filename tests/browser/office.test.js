// The supervisor's work in a real browser: find the odd order, look at the evidence, approve, send back, void.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { axe, openPage, ordersIn, picture, signIn, startBrowser, startServer } from "./harness.js";

let server;
let browser;
let session;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A name in Simplified characters, as far as these few go. */
function simplified(name) {
  const pairs = { 陳: "陈", 張: "张", 劉: "刘", 黃: "黄", 許: "许", 趙: "赵", 馬: "马", 鍾: "钟", 吳: "吴", 國: "国", 輝: "辉", 華: "华", 儀: "仪", 貞: "贞", 東: "东", 強: "强", 靜: "静", 麗: "丽", 羅: "罗" };
  return [...name].map((letter) => pairs[letter] ?? letter).join("");
}

/** Opens the first order in the list that nothing speaks against, of those waiting for review. */
async function openCalmOrder(page) {
  await page.goto("/?status=signed_off");
  const [first] = await ordersIn(page, "plain");
  assert.ok(first, "the demo has an order that waits for review and has nothing unusual");
  await page.goto(first);
  return first;
}

describe("signing in", () => {
  beforeEach(async () => (session = await openPage(browser, server)));
  afterEach(() => session.close());

  test("a wrong password is said in three languages, and does not say which part was wrong", async () => {
    const { page } = session;
    const texts = [];
    for (const lang of ["zh-Hant", "zh-Hans", "en"]) {
      await page.goto(`/login?lang=${lang}`);
      await page.fill("[name=org]", server.login.org);
      await page.fill("[name=user]", server.login.user);
      await page.fill("[name=password]", "not the password");
      await page.click("main button.primary");
      texts.push(await page.textContent("[role=alert]"));
      assert.equal(await page.inputValue("[name=user]"), server.login.user, "what was typed stays");
      assert.equal(await page.inputValue("[name=password]"), "", "but for the password");
    }
    assert.match(texts[0], /密碼不正確/);
    assert.match(texts[1], /密码不正确/);
    assert.match(texts[2], /password is not right/);
    assert.deepEqual(await axe(page), []);
    await picture(page, "login");
  });

  test("pages lead to the sign-in page first, and there again after signing out", async () => {
    const { page, wrong } = session;
    await page.goto("/");
    assert.equal(new URL(page.url()).pathname, "/login");
    await signIn(page, server.login);
    await page.click(".me button");
    await page.waitForURL((url) => url.pathname === "/login");
    await page.goto("/");
    assert.equal(new URL(page.url()).pathname, "/login");
    assert.deepEqual(wrong, []);
  });
});

describe("the list", () => {
  beforeEach(async () => {
    session = await openPage(browser, server);
    await signIn(session.page, server.login);
  });
  afterEach(() => session.close());

  test("what waits for review is shown first, and odd orders stand on top with a reason", async () => {
    const { page, wrong } = session;
    assert.match(await page.textContent(".chip[aria-current]"), /待審核\s*\d+/);
    const odd = await ordersIn(page, "odd");
    assert.ok(odd.length > 0, "the demo has an odd order that waits for review");
    const reasons = await page.$$eval(".odd tbody tr", (rows) => rows.map((row) => row.querySelector(".pill.alert, .pill.warn")?.textContent ?? ""));
    assert.ok(reasons.every((reason) => reason.trim().length > 3), `each says why: ${reasons}`);
    const firstRow = await page.locator(".odd tbody tr").first().boundingBox();
    assert.ok(firstRow.y + firstRow.height < 900, "it is on the first screen");
    const statuses = await page.$$eval(".orders .status", (all) => all.map((status) => status.textContent));
    assert.ok(statuses.every((status) => status === "待審核"));
    assert.deepEqual(await axe(page), []);
    assert.deepEqual(wrong, []);
    await picture(page, "list");
  });

  test("counts on the chips are the numbers of rows behind them", async () => {
    const { page } = session;
    const chips = await page.$$eval("nav.chips a", (all) => all.map((chip) => ({ href: chip.getAttribute("href"), count: Number(chip.querySelector("b").textContent) })));
    assert.ok(chips.length >= 3);
    for (const chip of chips.filter(({ count }) => count <= 60)) {
      await page.goto(chip.href);
      assert.equal(await page.locator("a.number").count(), chip.count, chip.href);
    }
  });

  test("a resident's name is found in either script, and never stands in an address", async () => {
    const { page, wrong } = session;
    const addresses = [];
    page.on("request", (request) => addresses.push(decodeURIComponent(request.url())));
    await page.goto("/?status=all");
    const names = await page.$$eval("tbody td:nth-child(2) span", (all) => all.map((cell) => cell.textContent.trim()));
    const name = names.find((name) => simplified(name) !== name);
    assert.ok(name, "the demo has a resident whose name is written differently in both scripts");
    await page.fill("[name=q]", simplified(name));
    await page.click(".fields button.primary");
    await page.waitForLoadState();
    const found = await page.$$eval("tbody td:nth-child(2) span", (all) => all.map((cell) => cell.textContent.trim()));
    assert.ok(found.length > 0 && found.every((other) => other.includes(name)), `${found}`);
    assert.equal(await page.inputValue("[name=q]"), simplified(name), "the search stays in its box");
    await page.click(".chips button:last-child");
    assert.equal(await page.inputValue("[name=q]"), simplified(name), "a chip keeps the search");
    assert.ok(addresses.every((address) => !address.includes(simplified(name))), "no address holds the name");
    await page.fill("[name=q]", "沒有這樣的人");
    await page.click(".fields button.primary");
    assert.match(await page.textContent(".empty"), /沒有符合/);
    assert.deepEqual(wrong, []);
  });

  test("a technician and a day narrow the list", async () => {
    const { page } = session;
    await page.goto("/?status=all");
    const technicians = await page.$$eval("[name=technician] option", (all) => all.map((option) => [option.value, option.textContent.trim()]).slice(1));
    assert.ok(technicians.length > 0);
    const shown = await page.$$eval("tbody td:nth-child(4)", (cells) => cells.map((cell) => cell.textContent.trim()));
    const [id, name] = technicians.find(([, name]) => shown.includes(name));
    await page.selectOption("[name=technician]", id);
    await page.click(".fields button.primary");
    const narrowed = await page.$$eval("tbody td:nth-child(4)", (cells) => cells.map((cell) => cell.textContent.trim()));
    assert.ok(narrowed.length > 0 && narrowed.every((cell) => cell === name));
    await page.goto("/?status=all&day=2001-01-01");
    assert.equal(await page.locator("a.number").count(), 0);
  });

  test("on a phone nothing runs off the screen", async () => {
    const { page } = session;
    await page.setViewportSize({ width: 360, height: 740 });
    for (const address of ["/", (await ordersIn(page, "odd"))[0]]) {
      await page.goto(address);
      const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      assert.ok(wide <= screen, `${address}: ${wide} on ${screen}`);
      assert.deepEqual(await axe(page), []);
      await picture(page, address === "/" ? "list-phone" : "order-phone");
    }
  });
});

describe("one order", () => {
  beforeEach(async () => {
    session = await openPage(browser, server);
    await signIn(session.page, server.login);
  });
  afterEach(() => session.close());

  test("the odd order's reason is on its page, with signatures drawn and every part there", async () => {
    const { page, wrong } = session;
    const row = page.locator(".odd tbody tr").first();
    // A conflict is told in full on the order's page, with both values; every other reason in the same words.
    const reasons = (await row.locator(".pill").allTextContents()).map((text) => text.trim());
    await row.locator("a.number").click();
    await page.waitForURL(/\/orders\//);
    const told = await page.textContent(".attention");
    assert.ok(reasons.some((reason) => told.includes(reason)), `${reasons} in ${told}`);
    const headings = await page.$$eval(".story h2", (all) => all.map((heading) => heading.textContent.trim()));
    for (const part of ["登記", "聯繫與預約", "保修與責任", "維修前檢查", "報價與同意", "配件與保管", "維修後檢查", "收款與憑證", "簽收", "經過"]) {
      assert.ok(headings.includes(part), part);
    }
    assert.ok((await page.locator(".timeline > li").count()) > 5);
    assert.deepEqual(await axe(page), []);
    assert.deepEqual(wrong, []);
    await picture(page, "order-odd");
  });

  test("a signature is really drawn", async () => {
    const { page } = session;
    await openCalmOrder(page);
    const drawing = page.locator("svg.ink").last();
    const box = await drawing.boundingBox();
    assert.ok(box.width > 40 && box.height > 20, JSON.stringify(box));
    const drawn = await drawing.evaluate((svg) => [...svg.querySelectorAll("path")].reduce((sum, path) => sum + path.getTotalLength(), 0) / svg.viewBox.baseVal.width);
    assert.ok(drawn > 1, `the lines are longer than the drawing is wide: ${drawn}`);
    assert.ok((await drawing.getAttribute("aria-label")).length > 2);
  });

  test("the three languages show the same order, each in its own words", async () => {
    const { page, wrong } = session;
    const order = await openCalmOrder(page);
    const number = (await page.textContent("h1")).trim().split(/\s/)[0];
    const words = { "zh-Hant": /審核通過/, "zh-Hans": /审核通过/, en: /Approve/ };
    for (const [lang, approve] of Object.entries(words)) {
      await page.click(`.languages [lang="${lang}"]`);
      await page.waitForFunction((lang) => document.documentElement.lang === lang, lang);
      assert.equal(new URL(page.url()).pathname, order);
      assert.ok((await page.textContent("h1")).includes(number));
      assert.match(await page.textContent("#review"), approve);
      assert.deepEqual(await axe(page), []);
      await picture(page, `order-${lang}`);
    }
    assert.deepEqual(wrong, []);
  });

  test("approving says so, and leads to the next", async () => {
    const { page, wrong } = session;
    await openCalmOrder(page);
    await page.fill("form[action$='/approve'] [name=note]", "資料齊全");
    await page.click("form[action$='/approve'] button");
    await page.waitForLoadState();
    assert.match(await page.textContent("[role=status]"), /已審核通過/);
    assert.match(await page.textContent("h1"), /已審核/);
    assert.match(await page.textContent("#review"), /資料齊全/);
    assert.match(await page.textContent(".timeline"), /審核通過：資料齊全/);
    await page.reload();
    assert.equal(await page.locator("[role=status]").count(), 0, "the message is said once");
    assert.equal(await page.locator("form[action$='/approve'] button").isDisabled(), true);
    assert.match(await page.textContent("#why-approve"), /R\d+/);
    assert.deepEqual(wrong, []);
  });

  test("single items go back, each with its note, and the rest stays", async () => {
    const { page, wrong } = session;
    await openCalmOrder(page);
    await page.click("text=退回補正 >> nth=0");
    await page.check("[name=part][value=payment]");
    await page.fill("[name=note-payment]", "憑證號與存根不符");
    await page.check("[name=part][value=sign-off]");
    await page.fill("[name=note-sign-off]", "請補住戶意見");
    await page.click("form[action$='/return'] button");
    await page.waitForLoadState();
    assert.match(await page.textContent("[role=status]"), /已退回/);
    assert.match(await page.textContent("h1"), /退回補正/);
    assert.match(await page.textContent("section[aria-labelledby=payment] .returned"), /憑證號與存根不符/);
    assert.match(await page.textContent("section[aria-labelledby=sign-off] .returned"), /請補住戶意見/);
    assert.equal(await page.locator("section[aria-labelledby=quote] .returned").count(), 0);
    assert.match(await page.textContent("#why-approve"), /尚未補正/);
    assert.deepEqual(await axe(page), []);
    assert.deepEqual(wrong, []);
  });

  test("a refusal names its rule and keeps what was typed", async () => {
    const { page } = session;
    await openCalmOrder(page);
    await page.click("text=退回補正 >> nth=0");
    await page.check("[name=part][value=quote]");
    await page.fill("[name=note-quote]", "缺收費原因");
    await page.check("[name=part][value=parts]");
    await page.click("form[action$='/return'] button");
    await page.waitForLoadState();
    assert.match(await page.textContent("[role=alert]"), /R\d+.*F\d/, "rule and clause");
    assert.equal(await page.inputValue("[name=note-quote]"), "缺收費原因");
    assert.equal(await page.isChecked("[name=part][value=parts]"), true);
    assert.match(await page.textContent("h1"), /待審核/, "nothing was done");
    assert.deepEqual(await axe(page), []);
  });

  test("voiding asks for a reason, keeps the number and closes the order", async () => {
    const { page } = session;
    await openCalmOrder(page);
    const number = (await page.textContent("h1")).trim().split(/\s/)[0];
    await page.click("summary:has-text('作廢')");
    await page.click("form[action$='/void'] button");
    await page.waitForLoadState();
    assert.match(await page.textContent("[role=alert]"), /必填/);
    await page.click("summary:has-text('作廢')");
    await page.fill("form[action$='/void'] [name=reason]", "重複登記");
    await page.click("form[action$='/void'] button");
    await page.waitForLoadState();
    assert.match(await page.textContent("[role=status]"), /已作廢/);
    assert.ok((await page.textContent("h1")).includes(number));
    assert.match(await page.textContent("#why-void"), /R155/);
    assert.match(await page.textContent(".timeline"), /作廢：重複登記/);
  });

  test("an order that is not finished cannot be approved, and the page says why", async () => {
    const { page } = session;
    await page.goto("/?status=all");
    const early = page.locator("tr:has(.status.s-booked, .status.s-assigned, .status.s-accepted, .status.s-registered, .status.s-working) a.number").first();
    assert.ok((await early.count()) > 0, "the demo has an order that is not finished");
    await early.click();
    const button = page.locator("form[action$='/approve'] button");
    assert.equal(await button.isDisabled(), true);
    const why = await page.textContent(`#${await button.getAttribute("aria-describedby")}`);
    assert.match(why, /尚未完成.*R157/);
    assert.deepEqual(await axe(page), []);
  });

  test("a new request is accepted and given to a technician", async () => {
    const { page, wrong } = session;
    await page.goto("/?status=registered");
    const waiting = page.locator("a.number").first();
    assert.ok((await waiting.count()) > 0, "the demo has a request nobody has answered");
    await waiting.click();
    await page.fill("form[action$='/accept'] [name=materials]", "購買憑證");
    await page.click("form[action$='/accept'] button");
    await page.waitForLoadState();
    assert.match(await page.textContent("[role=status]"), /已答覆/);
    assert.equal(await page.locator("form[action$='/accept']").count(), 0, "it is answered once");
    const [, name] = await page.$$eval("[name=technician] option", (all) => [all.at(-1).value, all.at(-1).textContent.trim()]);
    await page.selectOption("[name=technician]", { label: name });
    await page.click("form[action$='/assign'] button");
    await page.waitForLoadState();
    assert.match(await page.textContent("h1"), /已派工/);
    // A certificate that ends soon stands behind the name, in the list alone.
    const assigned = (await page.textContent(".timeline")).match(/派工：([^\s，。（]+)/)?.[1];
    assert.ok(assigned && name.startsWith(assigned), `${name} was chosen, ${assigned} assigned`);
    assert.match(await page.textContent(".timeline"), /請住戶準備：購買憑證/);
    assert.deepEqual(await axe(page), []);
    assert.deepEqual(wrong, []);
  });

  test("nobody approves what changed after they opened it", async () => {
    const { page } = session;
    const order = await openCalmOrder(page);
    // With something typed, the page is not swapped under the hands.
    await page.fill("form[action$='/approve'] [name=note]", "核對無誤");
    const other = await page.context().newPage();
    await other.goto(order);
    await other.click("summary:has-text('加備註')");
    await other.fill("form[action$='/note'] [name=text]", "住戶來電補充");
    await other.click("form[action$='/note'] button");
    await other.waitForLoadState();
    await page.click("form[action$='/approve'] button");
    await page.waitForLoadState();
    assert.match(await page.textContent("[role=alert]"), /有更新/);
    assert.match(await page.textContent(".timeline"), /住戶來電補充/);
    assert.match(await page.textContent("h1"), /待審核/, "nothing was done");
    assert.equal(await page.inputValue("form[action$='/approve'] [name=note]"), "核對無誤");
    await page.click("form[action$='/approve'] button");
    await page.waitForLoadState();
    assert.match(await page.textContent("h1"), /已審核/);
  });

  test("a conflict closes the approval until somebody picks a value", async (t) => {
    const { page } = session;
    await page.goto("/?status=signed_off");
    const torn = page.locator("tr:has-text('兩個不同的值') a.number").first();
    if ((await torn.count()) === 0) return t.skip("no order of the demo holds two values");
    await torn.click();
    assert.match(await page.textContent("#why-approve"), /兩個不同的值.*R89/);
    await page.locator(".conflict form button").last().click();
    await page.waitForLoadState();
    assert.match(await page.textContent("[role=status]"), /已核定/);
    assert.equal(await page.locator(".conflict").count(), 0);
    assert.equal(await page.locator("form[action$='/approve'] button").isDisabled(), false);
  });

  test("the printed page has the evidence and not the buttons", async () => {
    const { page } = session;
    await openCalmOrder(page);
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator("#review").isVisible(), false);
    assert.equal(await page.locator(".timeline").isVisible(), true);
    assert.equal(await page.locator("svg.ink").first().isVisible(), true);
  });

  test("dark mode keeps the contrast", async () => {
    const { page } = session;
    await page.emulateMedia({ colorScheme: "dark" });
    assert.deepEqual(await axe(page), []);
    await picture(page, "list-dark");
    await page.locator(".odd a.number").first().click();
    await page.waitForURL(/\/orders\//);
    assert.deepEqual(await axe(page), []);
    await picture(page, "order-dark");
  });
});

describe("safety", () => {
  test("everything works without JavaScript", async () => {
    session = await openPage(browser, server, { javaScriptEnabled: false });
    const { page } = session;
    await signIn(page, server.login);
    const order = await openCalmOrder(page);
    await page.click("summary:has-text('加備註')");
    await page.fill("form[action$='/note'] [name=text]", "已電話核對");
    await page.click("form[action$='/note'] button");
    await page.waitForURL((url) => url.pathname === order);
    assert.match(await page.textContent("[role=status]"), /備註已保存/);
    assert.match(await page.textContent(".timeline"), /已電話核對/);
    await session.close();
  });

  test("pages forbid foreign scripts and frames, and are kept nowhere", async () => {
    session = await openPage(browser, server);
    const { page } = session;
    await signIn(page, server.login);
    const response = await page.goto("/");
    const headers = response.headers();
    const policy = headers["content-security-policy"];
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.match(policy, /script-src 'self';/);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.match(headers["cache-control"], /private|no-store/);
    await session.close();
  });

  test("a form without its token does nothing", async () => {
    session = await openPage(browser, server);
    const { page } = session;
    await signIn(page, server.login);
    const order = await openCalmOrder(page);
    const answer = await page.request.post(`${order}/void`, { form: { csrf: "guessed", reason: "x" } });
    assert.equal(answer.status(), 403);
    await page.reload();
    assert.match(await page.textContent("h1"), /待審核/);
    await session.close();
  });

  test("what is not there says so in a page of ours", async () => {
    session = await openPage(browser, server);
    const { page } = session;
    await signIn(page, server.login);
    for (const address of ["/orders/0197f3f0-0000-7000-8000-000000000000", "/orders/x", "/no/such/page"]) {
      const response = await page.goto(address);
      assert.equal(response.status(), 404, address);
      assert.match(await page.textContent("h1"), /找不到/);
    }
    assert.deepEqual(await axe(page), []);
    await session.close();
  });
});
