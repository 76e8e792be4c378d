// The service sheet in a real browser, as it is printed: three languages, A4 and the receipt roll, nothing from elsewhere.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, openPage, ordersIn, picture, signIn, startBrowser, startServer } from "./harness.js";

let server;
let browser;
let session;
let order;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  session = await openPage(browser, server);
  await signIn(session.page, server.login);
  await session.page.goto("/?status=signed_off");
  const orders = [...(await ordersIn(session.page, "odd")), ...(await ordersIn(session.page, "plain"))];
  for (const found of orders) {
    const copy = await session.page.request.get(`${found}/copy`);
    const text = copy.ok() ? await copy.text() : "";
    if (text.includes("unit_price") && text.match(/"strokes"/g)?.length === 2) order = found;
  }
  assert.ok(order, "the demo has a signed and priced sheet");
});

after(async () => {
  await session?.close();
  await browser?.close();
  await server?.stop();
});

/** How far the page's content reaches beyond its width, in pixels. */
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const words = { "zh-Hant": "服務單", "zh-Hans": "服务单", en: "Service sheet" };

describe("the sheet on A4", () => {
  for (const [lang, title] of Object.entries(words)) {
    test(`in ${lang}, with both signatures, the photos and the code to check`, async () => {
      const { page, wrong } = session;
      wrong.length = 0;
      await page.emulateMedia({ media: "print" });
      await page.setViewportSize({ width: 794, height: 1123 });
      await page.goto(`${order}/sheet?lang=${lang}&copy=resident`);
      assert.equal(await page.getAttribute("html", "lang"), lang);
      const text = await page.innerText("body");
      assert.ok(text.includes(title), text.slice(0, 200));
      const drawn = await page.$$eval("svg path", (paths) => paths.filter((path) => path.getBBox().width > 20).length);
      assert.ok(drawn >= 3, `two signatures and a code, found ${drawn}`);
      assert.equal(await page.locator(".code svg").count(), 1);
      const photos = await page.$$eval("img", (images) => images.map((image) => image.complete && image.naturalWidth > 0));
      assert.ok(photos.length >= 2 && photos.every(Boolean), "a pair of photos, shown");
      assert.ok((await overflow(page)) <= 0, "nothing is cut off at the side");
      assert.deepEqual(await axe(page), []);
      assert.deepEqual(wrong, []);
      await picture(page, `sheet-a4-${lang}`);
    });
  }

  test("the three copies differ in what their reader needs", async () => {
    const { page } = session;
    const texts = {};
    for (const copy of ["resident", "technician", "office"]) {
      await page.goto(`${order}/sheet?lang=zh-Hant&copy=${copy}`);
      texts[copy] = await page.innerText("body");
    }
    assert.equal(new Set(Object.values(texts)).size, 3);
  });
});

test("the sheet on the 80 mm roll fits it", async () => {
  const { page, wrong } = session;
  wrong.length = 0;
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 302, height: 1000 });
  await page.goto(`${order}/sheet?lang=zh-Hant&layout=80mm`);
  assert.ok((await overflow(page)) <= 0, "nothing is cut off at the side");
  assert.equal(await page.locator(".code svg").count(), 1);
  assert.deepEqual(wrong, []);
  await picture(page, "sheet-80mm");
});

test("the sheet as PDF is one", async () => {
  const answer = await session.page.request.get(`${order}/sheet.pdf?lang=zh-Hant`);
  assert.equal(answer.headers()["content-type"], "application/pdf");
  assert.equal((await answer.body()).subarray(0, 5).toString(), "%PDF-");
});
